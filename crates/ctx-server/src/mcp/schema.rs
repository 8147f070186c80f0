//! JSON Schemas of arguments and answers: the types' own, without what only
//! costs a model tokens.

use std::sync::Arc;

use rmcp::model::JsonObject;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The schema of what a tool takes: these arguments and no others.
pub(super) fn of_arguments<T: JsonSchema>() -> Arc<JsonObject> {
    let mut schema = lean::<T>(SchemaSettings::draft2020_12());
    let root = Arc::make_mut(&mut schema);
    root.insert("additionalProperties".to_owned(), Value::Bool(false));
    // The tool's own description says what it is for.
    root.remove("description");
    schema
}

/// The schema of what a tool answers.
pub(super) fn of_answer<T: JsonSchema>() -> Arc<JsonObject> {
    lean::<T>(SchemaSettings::draft2020_12().for_serialize())
}

fn lean<T: JsonSchema>(settings: SchemaSettings) -> Arc<JsonObject> {
    let settings = settings.with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let mut value = schema.to_value();
    strip(&mut value);
    match value {
        Value::Object(object) => Arc::new(object),
        _ => unreachable!("a struct's schema is an object"),
    }
}

/// Leaves out titles, machine formats, defaults, and `null` beside a type:
/// what is absent is left out here, never null.
fn strip(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            let is_schema = object.contains_key("type") || object.contains_key("properties");
            if is_schema {
                for key in ["title", "format", "default"] {
                    object.remove(key);
                }
            }
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            object.values_mut().for_each(strip);
        }
        Value::Array(values) => values.iter_mut().for_each(strip),
        _ => {}
    }
}
