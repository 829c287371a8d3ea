//! What must hold of the chain as a whole, one question a file.

mod calls;
mod committee;
mod duties;
mod eras;
mod faults;
mod laws;
mod pathwise;
mod rails;
mod random;
mod rejections;
mod sabotage;
mod settlement;
mod staking;
mod trust;
