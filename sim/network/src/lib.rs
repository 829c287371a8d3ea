//! Regions and the latencies between them.
