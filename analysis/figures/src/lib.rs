//! House style, charts and report pages from plain series.
