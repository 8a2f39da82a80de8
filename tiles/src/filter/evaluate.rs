//! What an expression says of a feature.

use std::borrow::Cow;

use input::features::{FeatureView, GeometryKind, Id, Value as InputValue};

use super::{Comparison, Literal, Node, Operation};

/// A feature at a zoom.
pub(super) struct Subject<'s> {
    pub(super) feature: &'s FeatureView<'s>,
    pub(super) zoom: u8,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'s> {
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'s, str>),
    List(&'s [Literal]),
}

/// The expression has no value here.
pub(super) struct NoValue;

type Found<'s> = Result<Value<'s>, NoValue>;

impl Subject<'_> {
    pub(super) fn is_true(&self, node: &Node) -> bool {
        matches!(self.value(node), Ok(Value::Bool(true)))
    }

    fn condition(&self, node: &Node) -> Result<bool, NoValue> {
        match self.value(node)? {
            Value::Bool(is) => Ok(is),
            _ => Err(NoValue),
        }
    }

    fn number(&self, node: &Node) -> Result<f64, NoValue> {
        match self.value(node)? {
            Value::Number(number) => Ok(number),
            _ => Err(NoValue),
        }
    }

    fn value<'v>(&'v self, node: &'v Node) -> Found<'v> {
        Ok(match node {
            Node::Literal(literal) => of(literal),
            Node::Get(name) => self.attribute(name)?.unwrap_or(Value::Null),
            Node::Has(name) => Value::Bool(self.attribute(name)?.is_some()),
            Node::Id => match self.feature.id() {
                #[expect(clippy::cast_precision_loss, reason = "numbers of MapLibre are f64")]
                Some(Id::UInt(id)) => Value::Number(id as f64),
                Some(Id::Text(text)) => Value::Text(text.into()),
                None => Value::Null,
            },
            Node::Zoom => Value::Number(self.zoom.into()),
            Node::GeometryType => Value::Text(Cow::Borrowed(match self.feature.kind() {
                GeometryKind::Point => "Point",
                GeometryKind::Line => "LineString",
                GeometryKind::Polygon => "Polygon",
                GeometryKind::None => "Unknown",
            })),
            Node::All(nodes) => {
                for node in nodes {
                    if !self.condition(node)? {
                        return Ok(Value::Bool(false));
                    }
                }
                Value::Bool(true)
            }
            Node::Any(nodes) => {
                for node in nodes {
                    if self.condition(node)? {
                        return Ok(Value::Bool(true));
                    }
                }
                Value::Bool(false)
            }
            Node::Not(node) => Value::Bool(!self.condition(node)?),
            Node::Compare(comparison, one, other) => Value::Bool(compare(
                *comparison,
                &self.value(one)?,
                &self.value(other)?,
            )?),
            Node::In(needle, place) => {
                let needle = self.value(needle)?;
                Value::Bool(match self.value(place)? {
                    Value::List(list) => list.iter().any(|one| of(one) == needle),
                    Value::Text(text) => match &needle {
                        Value::Text(needle) => text.contains(&**needle),
                        _ => false,
                    },
                    _ => return Err(NoValue),
                })
            }
            Node::Coalesce(nodes) => {
                for node in nodes {
                    match self.value(node) {
                        Ok(Value::Null) | Err(NoValue) => {}
                        Ok(value) => return Ok(value),
                    }
                }
                Value::Null
            }
            Node::Case(pairs, last) => {
                for (condition, value) in pairs {
                    if self.condition(condition)? {
                        return self.value(value);
                    }
                }
                return self.value(last);
            }
            Node::Arithmetic(operation, nodes) => Value::Number(self.calculate(*operation, nodes)?),
            Node::ToNumber(node) => Value::Number(match self.value(node)? {
                Value::Null => 0.0,
                Value::Bool(is) => f64::from(u8::from(is)),
                Value::Number(number) => number,
                Value::Text(text) => text.trim().parse().map_err(|_| NoValue)?,
                Value::List(_) => return Err(NoValue),
            }),
            Node::ToText(node) => Value::Text(match self.value(node)? {
                Value::Null => "".into(),
                Value::Bool(is) => is.to_string().into(),
                Value::Number(number) => number.to_string().into(),
                Value::Text(text) => text.into_owned().into(),
                Value::List(_) => return Err(NoValue),
            }),
        })
    }

    fn calculate(&self, operation: Operation, nodes: &[Node]) -> Result<f64, NoValue> {
        let (Some(first), rest) = (nodes.first(), nodes.get(1..).unwrap_or_default()) else {
            return Err(NoValue);
        };
        let first = self.number(first)?;
        if operation == Operation::Subtract && rest.is_empty() {
            return Ok(-first);
        }
        rest.iter().try_fold(first, |sum, node| {
            let next = self.number(node)?;
            Ok(match operation {
                Operation::Add => sum + next,
                Operation::Subtract => sum - next,
                Operation::Multiply => sum * next,
                Operation::Divide => sum / next,
                Operation::Remainder => sum % next,
                Operation::Least => sum.min(next),
                Operation::Most => sum.max(next),
            })
        })
    }

    /// The attribute of a name; `None` when the feature has none, `null` counts as none.
    fn attribute(&self, name: &Node) -> Result<Option<Value<'_>>, NoValue> {
        let name = self.value(name)?;
        let Value::Text(name) = &name else {
            return Err(NoValue);
        };
        let mut cells = self.feature.cells();
        let found = cells.find(|(key, _)| key == name);
        #[expect(clippy::cast_precision_loss, reason = "numbers of MapLibre are f64")]
        Ok(found.and_then(|(_, value)| match value {
            InputValue::Null => None,
            InputValue::Bool(is) => Some(Value::Bool(is)),
            InputValue::Int(number) => Some(Value::Number(number as f64)),
            InputValue::UInt(number) => Some(Value::Number(number as f64)),
            InputValue::Float(number) => Some(Value::Number(number)),
            InputValue::Text(text) | InputValue::Json(text) => Some(Value::Text(text.into())),
        }))
    }
}

fn of(literal: &Literal) -> Value<'_> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(is) => Value::Bool(*is),
        Literal::Number(number) => Value::Number(*number),
        Literal::Text(text) => Value::Text(text.as_str().into()),
        Literal::List(list) => Value::List(list),
    }
}

/// Equality is of kind and value; order is of two numbers or two texts.
fn compare(comparison: Comparison, one: &Value<'_>, other: &Value<'_>) -> Result<bool, NoValue> {
    let order = || match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.partial_cmp(other).ok_or(NoValue),
        (Value::Text(one), Value::Text(other)) => Ok(one.cmp(other)),
        _ => Err(NoValue),
    };
    Ok(match comparison {
        Comparison::Equal => one == other,
        Comparison::Unequal => one != other,
        Comparison::Less => order()?.is_lt(),
        Comparison::LessOrEqual => order()?.is_le(),
        Comparison::Greater => order()?.is_gt(),
        Comparison::GreaterOrEqual => order()?.is_ge(),
    })
}
