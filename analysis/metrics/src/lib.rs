//! One function per metric, fed by rows.
