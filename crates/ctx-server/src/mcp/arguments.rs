//! Arguments as models write them: read forgivingly where the meaning is
//! certain, refused with what to change where it is not.

use rmcp::model::JsonObject;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::Trouble;

/// Reads a tool's arguments by its schema.
pub(super) fn read<T: DeserializeOwned>(
    arguments: JsonObject,
    schema: &JsonObject,
) -> Result<T, Trouble> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let mut read = JsonObject::new();
    for (name, value) in arguments {
        // Models write null for what they leave out.
        if value.is_null() {
            continue;
        }
        let Some(known) = properties.and_then(|known| known.get(&name)) else {
            return Err(Trouble::of_argument(
                format!("`{name}` is not an argument of this tool"),
                taken(schema),
            ));
        };
        let wanted = known.get("type").and_then(Value::as_str);
        read.insert(name, meant(value, wanted));
    }
    if let Some(missing) = missing(&read, schema) {
        return Err(Trouble::of_argument(
            format!("the argument `{missing}` is missing"),
            format!("call again with it; {}", taken(schema)),
        ));
    }
    serde_json::from_value(Value::Object(read)).map_err(|error| {
        Trouble::of_argument(format!("the arguments do not fit: {error}"), taken(schema))
    })
}

/// The value in the type that is wanted, where there is no doubt about it.
fn meant(value: Value, wanted: Option<&str>) -> Value {
    match (wanted, value) {
        (Some("integer"), Value::String(text)) => match text.trim().parse::<u64>() {
            Ok(number) => number.into(),
            Err(_) => Value::String(text),
        },
        (Some("integer"), Value::Number(number)) => match number.as_f64() {
            Some(float) if number.as_u64().is_none() && float >= 0.0 && float.fract() == 0.0 => {
                (float as u64).into()
            }
            _ => Value::Number(number),
        },
        (Some("array"), Value::String(text)) => match serde_json::from_str(&text) {
            // Some clients send a list as its JSON text.
            Ok(Value::Array(items)) => Value::Array(items),
            _ => Value::Array(vec![Value::String(text)]),
        },
        (_, value) => value,
    }
}

fn missing<'a>(arguments: &JsonObject, schema: &'a JsonObject) -> Option<&'a str> {
    let required = schema.get("required").and_then(Value::as_array)?;
    required.iter().filter_map(Value::as_str).find(|name| !arguments.contains_key(*name))
}

fn taken(schema: &JsonObject) -> String {
    let known = schema.get("properties").and_then(Value::as_object);
    let names: Vec<&str> =
        known.map(|known| known.keys().map(String::as_str).collect()).unwrap_or_default();
    format!("it takes {}", names.join(", "))
}
