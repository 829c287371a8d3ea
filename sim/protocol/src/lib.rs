//! The chain as a pure state machine: ledger, escrow, leases, stake, trust, eras.
