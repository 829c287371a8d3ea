//! The matching logic of the marketplace: pure, integer, verifiable.
