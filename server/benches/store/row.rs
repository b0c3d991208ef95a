//! What is measured, in the form that `cargo xtask bench` reads.

use serde::Serialize;

/// One measured value.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    name: String,
    value: f64,
    unit: &'static str,
    goal: Option<String>,
    met: Option<bool>,
}

impl Row {
    /// A value that is only told.
    pub(crate) fn told(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            value,
            unit,
            goal: None,
            met: None,
        }
    }

    /// A value held against a goal.
    pub(crate) fn held(self, goal: &str, met: bool) -> Self {
        Self {
            goal: Some(goal.to_owned()),
            met: Some(met),
            ..self
        }
    }
}

/// The middle one of some values; 0 of none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
