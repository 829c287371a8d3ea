//! The command line and everything it needs.
