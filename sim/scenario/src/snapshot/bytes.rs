//! Bytes as people write them: `0x` and two hex digits for each.

use super::name_at;
use crate::reader::Table;
use units::EntityKey;

/// So many bytes in hex.
pub fn read_exact<const N: usize>(table: &Table, key: &str) -> [u8; N] {
    if table.node(key).is_none() {
        return [0; N];
    }
    let exact = |text: &str| {
        let bytes = parse(text).ok_or_else(|| NOT_HEX.to_string())?;
        let found = bytes.len();
        bytes
            .try_into()
            .map_err(|_| format!("has {found} bytes; write {N}, that is 0x and {} digits", 2 * N))
    };
    name_at(table, key, exact).unwrap_or([0; N])
}

/// The key of an entity: 16 hex digits, or of its name when none is written.
pub fn read_key(table: &Table, key: &str, name: &str) -> EntityKey {
    table.or(key, EntityKey::group(name), |table, key| {
        EntityKey(u64::from_be_bytes(read_exact(table, key)))
    })
}

const NOT_HEX: &str = "is not in hex; write 0x and two digits of 0-9 and a-f for each byte";

fn parse(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x")?;
    let value =
        |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| Some(value(pair[0])? << 4 | value(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_in_pairs() {
        assert_eq!(parse("0x00fF"), Some(vec![0, 255]));
        assert_eq!(parse("0x"), Some(Vec::new()));
        for text in ["", "00", "0x0", "0xgg", "0x0é", "0x+1"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
