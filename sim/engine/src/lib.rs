//! Clock, event queue, keyed draws and their distributions, digest; knows no market.
