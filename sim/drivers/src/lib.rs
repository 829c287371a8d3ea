//! What moves a market from outside: token price, gas, rents, demand and electricity, together.
//!
//! A driver is a process over eras whose steps are exact, not Euler steps: one step of ten days
//! has the law of ten steps of a day. Chance comes from keyed draws, floats stay in here, and
//! what leaves is an integer quantity.
//!
//! Modules below may import only modules above them.
