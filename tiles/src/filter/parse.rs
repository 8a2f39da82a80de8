//! From JSON to an expression.

use serde_json::Value as Json;

use super::{Comparison, FilterError, Literal, Node, Operation};

/// How deep expressions may be nested.
pub(super) const MOST_DEPTH: usize = 64;

pub(super) const OPERATORS: [&str; 27] = [
    "all",
    "any",
    "none",
    "!",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "!in",
    "has",
    "!has",
    "get",
    "id",
    "zoom",
    "geometry-type",
    "literal",
    "coalesce",
    "case",
    "to-number",
    "to-string",
    "+",
    "-",
    "*",
    "/ % min max",
];

/// Where in the filter.
#[derive(Clone)]
struct Place(String, usize);

impl Place {
    fn at(&self, index: usize) -> Result<Self, FilterError> {
        let place = format!("{}[{index}]", self.0);
        if self.1 >= MOST_DEPTH {
            return Err(FilterError::Depth { place });
        }
        Ok(Self(place, self.1 + 1))
    }

    fn kind(&self, found: &Json, expected: &'static str) -> FilterError {
        let text = found.to_string();
        let found = match text.char_indices().nth(40) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        };
        FilterError::Kind {
            place: self.0.clone(),
            found,
            expected,
        }
    }
}

/// Reads a filter of either form.
pub(super) fn filter(json: &Json) -> Result<Node, FilterError> {
    let place = Place("filter".to_owned(), 0);
    match json {
        Json::Bool(is) => Ok(Node::Literal(Literal::Bool(*is))),
        Json::Array(_) if is_expression(json, 0) => expression(json, &place),
        Json::Array(_) => older(json, &place),
        other => Err(place.kind(
            other,
            "an array, as in [\"==\", [\"get\", \"class\"], \"river\"]",
        )),
    }
}

/// Whether a filter is an expression and not of the older form: the rule of the `MapLibre` style specification.
fn is_expression(json: &Json, depth: usize) -> bool {
    let Json::Array(parts) = json else {
        return json.is_boolean();
    };
    let Some(Json::String(operator)) = parts.first() else {
        return false;
    };
    match operator.as_str() {
        "has" => {
            let key = parts.get(1).and_then(Json::as_str);
            parts.len() >= 2 && key != Some("$id") && key != Some("$type")
        }
        "in" => parts.len() >= 3 && (!parts[1].is_string() || parts[2].is_array()),
        "!in" | "!has" | "none" => false,
        "==" | "!=" | ">" | ">=" | "<" | "<=" => {
            parts.len() != 3 || parts[1].is_array() || parts[2].is_array()
        }
        "any" | "all" => {
            depth < MOST_DEPTH && parts[1..].iter().all(|part| is_expression(part, depth + 1))
        }
        _ => true,
    }
}

fn parts<'j>(json: &'j Json, place: &Place) -> Result<(&'j str, &'j [Json]), FilterError> {
    let Json::Array(parts) = json else {
        return Err(place.kind(json, "an array that begins with an operator"));
    };
    match parts.split_first() {
        Some((Json::String(operator), operands)) => Ok((operator, operands)),
        _ => Err(place.kind(json, "an array that begins with an operator")),
    }
}

fn count(
    operator: &str,
    place: &Place,
    operands: &[Json],
    range: std::ops::RangeInclusive<usize>,
    expected: &'static str,
) -> Result<(), FilterError> {
    if range.contains(&operands.len()) {
        return Ok(());
    }
    Err(FilterError::Count {
        place: place.0.clone(),
        operator: operator.to_owned(),
        expected,
        found: operands.len(),
    })
}

fn comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        "==" => Comparison::Equal,
        "!=" => Comparison::Unequal,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

/// The older form: keys stand as they are, values behind them.
fn older(json: &Json, place: &Place) -> Result<Node, FilterError> {
    let (operator, operands) = parts(json, place)?;
    let nested = || -> Result<Vec<Node>, FilterError> {
        let each = operands.iter().enumerate();
        each.map(|(index, part)| {
            let place = place.at(index + 1)?;
            if is_expression(part, 0) {
                expression(part, &place)
            } else {
                older(part, &place)
            }
        })
        .collect()
    };
    let key = |index: usize| -> Result<Node, FilterError> {
        let place = place.at(index + 1)?;
        match operands.get(index) {
            Some(Json::String(key)) => Ok(key_node(key)),
            Some(other) => Err(place.kind(other, "the name of an attribute")),
            None => Err(place.kind(&Json::Null, "the name of an attribute")),
        }
    };
    let values = || -> Result<Node, FilterError> {
        let values = operands.iter().enumerate().skip(1);
        let values = values.map(|(index, value)| literal(value, &place.at(index + 1)?));
        Ok(Node::Literal(Literal::List(
            values.collect::<Result<_, _>>()?,
        )))
    };
    if let Some(comparison) = comparison(operator) {
        count(operator, place, operands, 2..=2, "a name and a value")?;
        let value = Node::Literal(literal(&operands[1], &place.at(2)?)?);
        return Ok(Node::Compare(
            comparison,
            Box::new(key(0)?),
            Box::new(value),
        ));
    }
    Ok(match operator {
        "all" => Node::All(nested()?),
        "any" => Node::Any(nested()?),
        "none" => Node::Not(Box::new(Node::Any(nested()?))),
        "in" | "!in" => {
            count(
                operator,
                place,
                operands,
                1..=usize::MAX,
                "a name and values",
            )?;
            let node = Node::In(Box::new(key(0)?), Box::new(values()?));
            if operator == "in" { node } else { not(node) }
        }
        "has" | "!has" => {
            count(operator, place, operands, 1..=1, "a name")?;
            let node = match key(0)? {
                Node::Get(key) => Node::Has(key),
                other => not(Node::Compare(
                    Comparison::Equal,
                    Box::new(other),
                    Box::new(Node::Literal(Literal::Null)),
                )),
            };
            if operator == "has" { node } else { not(node) }
        }
        _ => return expression(json, place),
    })
}

fn not(node: Node) -> Node {
    Node::Not(Box::new(node))
}

fn key_node(key: &str) -> Node {
    match key {
        "$type" => Node::GeometryType,
        "$id" => Node::Id,
        key => Node::Get(Box::new(Node::Literal(Literal::Text(key.to_owned())))),
    }
}

fn expression(json: &Json, place: &Place) -> Result<Node, FilterError> {
    match json {
        Json::Array(_) => {}
        Json::Object(_) => return Err(place.kind(json, "a value or an expression")),
        other => return Ok(Node::Literal(literal(other, place)?)),
    }
    let (operator, operands) = parts(json, place)?;
    let node = |index: usize| expression(&operands[index], &place.at(index + 1)?);
    let boxed = |index: usize| node(index).map(Box::new);
    let all = || (0..operands.len()).map(node).collect::<Result<Vec<_>, _>>();
    let count = |range, expected| count(operator, place, operands, range, expected);
    if let Some(comparison) = comparison(operator) {
        count(2..=2, "two operands")?;
        return Ok(Node::Compare(comparison, boxed(0)?, boxed(1)?));
    }
    let operation = |operation: Operation, least: usize| {
        count(least..=usize::MAX, "numbers")?;
        Ok(Node::Arithmetic(operation, all()?))
    };
    Ok(match operator {
        "all" => Node::All(all()?),
        "any" => Node::Any(all()?),
        "none" => not(Node::Any(all()?)),
        "!" => {
            count(1..=1, "one operand")?;
            Node::Not(boxed(0)?)
        }
        "get" | "has" => {
            count(1..=1, "the name of an attribute")?;
            if operator == "get" {
                Node::Get(boxed(0)?)
            } else {
                Node::Has(boxed(0)?)
            }
        }
        "!has" => {
            count(1..=1, "the name of an attribute")?;
            not(Node::Has(boxed(0)?))
        }
        "id" | "zoom" | "geometry-type" => {
            count(0..=0, "no operand")?;
            match operator {
                "id" => Node::Id,
                "zoom" => Node::Zoom,
                _ => Node::GeometryType,
            }
        }
        "in" | "!in" => {
            count(2..=2, "what to look for and where")?;
            let found = Node::In(boxed(0)?, boxed(1)?);
            if operator == "in" { found } else { not(found) }
        }
        "literal" => {
            count(1..=1, "one value")?;
            Node::Literal(literal(&operands[0], &place.at(1)?)?)
        }
        "coalesce" => Node::Coalesce(all()?),
        "case" => {
            count(3..=usize::MAX, "conditions with values, and one more value")?;
            let last = operands.len() - 1;
            if last % 2 == 1 {
                count(0..=0, "conditions with values, and one more value")?;
            }
            let pairs = (0..last).step_by(2);
            let pairs = pairs.map(|index| Ok((node(index)?, node(index + 1)?)));
            Node::Case(pairs.collect::<Result<_, FilterError>>()?, boxed(last)?)
        }
        "to-number" => {
            count(1..=1, "one operand")?;
            Node::ToNumber(boxed(0)?)
        }
        "to-string" => {
            count(1..=1, "one operand")?;
            Node::ToText(boxed(0)?)
        }
        "+" => operation(Operation::Add, 1)?,
        "*" => operation(Operation::Multiply, 1)?,
        "min" => operation(Operation::Least, 1)?,
        "max" => operation(Operation::Most, 1)?,
        "-" => {
            count(1..=2, "one or two numbers")?;
            Node::Arithmetic(Operation::Subtract, all()?)
        }
        "/" | "%" => {
            count(2..=2, "two numbers")?;
            let operation = if operator == "/" {
                Operation::Divide
            } else {
                Operation::Remainder
            };
            Node::Arithmetic(operation, all()?)
        }
        _ => {
            return Err(FilterError::Operator {
                place: place.0.clone(),
                operator: operator.chars().take(40).collect(),
            });
        }
    })
}

fn literal(json: &Json, place: &Place) -> Result<Literal, FilterError> {
    Ok(match json {
        Json::Null => Literal::Null,
        Json::Bool(is) => Literal::Bool(*is),
        Json::Number(number) => Literal::Number(number.as_f64().unwrap_or(f64::NAN)),
        Json::String(text) => Literal::Text(text.clone()),
        Json::Array(values) => {
            let values = values.iter().enumerate();
            let values = values.map(|(index, value)| literal(value, &place.at(index)?));
            Literal::List(values.collect::<Result<_, _>>()?)
        }
        Json::Object(_) => {
            return Err(place.kind(json, "null, true, false, a number, text or an array"));
        }
    })
}

/// Whether what an expression says depends on the zoom.
pub(super) fn uses_zoom(node: &Node) -> bool {
    let any = |nodes: &[Node]| nodes.iter().any(uses_zoom);
    match node {
        Node::Zoom => true,
        Node::Literal(_) | Node::Id | Node::GeometryType => false,
        Node::Get(one)
        | Node::Has(one)
        | Node::Not(one)
        | Node::ToNumber(one)
        | Node::ToText(one) => uses_zoom(one),
        Node::Compare(_, one, other) | Node::In(one, other) => uses_zoom(one) || uses_zoom(other),
        Node::All(nodes)
        | Node::Any(nodes)
        | Node::Coalesce(nodes)
        | Node::Arithmetic(_, nodes) => any(nodes),
        Node::Case(pairs, last) => {
            uses_zoom(last)
                || pairs
                    .iter()
                    .any(|(one, other)| uses_zoom(one) || uses_zoom(other))
        }
    }
}
