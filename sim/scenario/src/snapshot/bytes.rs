//! Bytes as people write them: `0x` and two hex digits for each.

use super::name_at;
use crate::reader::Table;
use units::EntityKey;

/// Bytes in hex.
pub fn read(table: &Table, key: &str) -> Vec<u8> {
    if table.node(key).is_none() {
        return Vec::new();
    }
    name_at(table, key, |text| parse(text).ok_or_else(|| NOT_HEX.to_string())).unwrap_or_default()
}

/// The key of an entity: 16 hex digits, or of its name when none is written.
pub fn read_key(table: &Table, key: &str, name: &str) -> EntityKey {
    table.or(key, EntityKey::group(name), |table, key| {
        let parse = |text: &str| {
            let bytes: Option<[u8; 8]> = parse(text).and_then(|bytes| bytes.try_into().ok());
            bytes.ok_or_else(|| "is no key; write 0x and 16 hex digits".to_string())
        };
        EntityKey(u64::from_be_bytes(name_at(table, key, parse).unwrap_or_default()))
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
