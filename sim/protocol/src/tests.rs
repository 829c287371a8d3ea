//! What must hold of the chain as a whole, one question a file.

mod audit;
mod calls;
mod committee;
mod contracts;
mod duties;
mod emission;
mod eras;
mod falsified;
mod faults;
mod laws;
mod misuse;
mod modes;
mod pathwise;
mod rails;
mod random;
mod rejections;
mod sabotage;
mod settlement;
mod staking;
mod supply;
mod trust;
