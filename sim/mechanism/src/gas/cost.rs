//! The gas and data of calls, alone and in batches.

use super::{Gas, Wei};

/// What one call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallSize {
    /// Gas on the chain that carries it out.
    pub gas: Gas,
    /// Bytes that are published on the chain below.
    pub bytes: u64,
}

/// Gas that a byte costs on the chain below (economics.md 1.13).
const GAS_PER_BYTE: u128 = 16;

impl CallSize {
    /// The price of the call when a unit of gas costs `fee` here and `data_fee` on the chain below.
    ///
    /// ```
    /// # use mechanism::gas::{CallSize, Gas, Wei};
    /// let bid = CallSize { gas: Gas(120_000), bytes: 200 };
    /// let cost = bid.cost(Wei(20_000_000), Wei(1_000_000_000));
    /// assert_eq!(cost, Wei(2_400_000_000_000 + 3_200_000_000_000));
    /// ```
    ///
    /// # Panics
    /// When the price needs more than 128 bits: no coin has that much.
    pub fn cost(&self, fee: Wei, data_fee: Wei) -> Wei {
        let priced = |amount: u128, fee: Wei| {
            amount.checked_mul(fee.0).expect("a call costs less than all coins there are")
        };
        let data = priced(GAS_PER_BYTE * u128::from(self.bytes), data_fee);
        let sum = priced(u128::from(self.gas.0), fee).checked_add(data);
        Wei(sum.expect("a call costs less than all coins there are"))
    }
}

/// Gas of a batch: a part for the batch, and a part for each entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchGas {
    /// Whatever the batch holds.
    pub base: Gas,
    /// For each entry.
    pub each: Gas,
}

impl BatchGas {
    /// Gas of a batch of `entries`.
    pub fn total(&self, entries: u64) -> Gas {
        let each = self.each.0.checked_mul(entries).expect("a batch fits into a block");
        Gas(self.base.0.checked_add(each).expect("a batch fits into a block"))
    }

    /// Gas of one of `entries` in a batch, a started unit in full; none when there are none.
    ///
    /// ```
    /// # use mechanism::gas::{BatchGas, Gas};
    /// let slashes = BatchGas { base: Gas(60_000), each: Gas(25_000) };
    /// assert_eq!(slashes.per_entry_rounded_up(1), Some(Gas(85_000)));
    /// assert_eq!(slashes.per_entry_rounded_up(100), Some(Gas(25_600)));
    /// ```
    pub fn per_entry_rounded_up(&self, entries: u64) -> Option<Gas> {
        (entries > 0).then(|| Gas(self.total(entries).0.div_ceil(entries)))
    }

    /// The most entries whose batch uses at most `limit`; none when not even an empty one does, or
    /// when entries are free.
    pub fn entries_within(&self, limit: Gas) -> Option<u64> {
        limit.0.checked_sub(self.base.0)?.checked_div(self.each.0)
    }
}

/// Gas and bytes of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchSize {
    /// Its gas.
    pub gas: BatchGas,
    /// Bytes, whatever the batch holds.
    pub bytes_base: u64,
    /// Bytes for each entry.
    pub bytes_each: u64,
}

impl BatchSize {
    /// What one of `entries` in a batch needs, a started unit in full; none when there are none.
    pub fn per_entry_rounded_up(&self, entries: u64) -> Option<CallSize> {
        let gas = self.gas.per_entry_rounded_up(entries)?;
        let shared = self.bytes_base.div_ceil(entries);
        let bytes = self.bytes_each.checked_add(shared).expect("a batch fits into a block");
        Some(CallSize { gas, bytes })
    }
}

/// How many calls of `gas` fit into a block of `limit`; none when calls need no gas.
pub fn calls_per_block(limit: Gas, gas: Gas) -> Option<u64> {
    limit.0.checked_div(gas.0)
}
