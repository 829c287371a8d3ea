//! A map in the order of the scenario.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// Values by name, in the order in which the scenario lists the names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Named<T>(Vec<(String, T)>);

impl<T> Named<T> {
    /// `values` under `names`, by index.
    pub fn zip(names: &[String], values: impl IntoIterator<Item = T>) -> Named<T> {
        names.iter().cloned().zip(values).collect()
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The value under `name`.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }
}

impl<T> FromIterator<(String, T)> for Named<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(pairs: I) -> Named<T> {
        Named(pairs.into_iter().collect())
    }
}

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_scenario_is_kept() {
        let names = ["zebra".to_string(), "ape".to_string()];
        let named = Named::zip(&names, [1, 2]);
        assert_eq!(serde_json::to_string(&named).unwrap(), r#"{"zebra":1,"ape":2}"#);
        assert_eq!(named.get("ape"), Some(&2));
        assert_eq!(named.get("cat"), None);
    }
}
