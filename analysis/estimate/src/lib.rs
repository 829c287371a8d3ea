//! Statistics over numbers: sketches, intervals, exposure.
