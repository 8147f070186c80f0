//! Times as people write them: `1:56 pm on 8 May, 2023`, `May 8 2023`,
//! `2023-05-08 13:56`. Read as UTC where no offset is written. Pure.

use ctx_model::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// A text that names no time.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` names no time")]
pub struct NoTime {
    /// What was given, cut to 80 characters.
    pub text: String,
}

/// Reads a time. A day without a time of day is its first moment.
///
/// # Errors
/// [`NoTime`] if no day is named, if it is ambiguous (`5/8/2023`), or if a
/// word is left over.
pub fn read(text: &str) -> Result<Timestamp, NoTime> {
    let text = text.trim();
    let no_time = || NoTime { text: text.chars().take(80).collect() };
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Ok(Timestamp(at.as_microsecond()));
    }
    let mut parts = Parts::default();
    let lower = text.to_lowercase();
    let words =
        lower.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    for word in words {
        // `2023-05-08t13:56` holds a day and a time of day.
        match word.split_once('t').filter(|(day, time)| is_day(day) && time.contains(':')) {
            Some((day, time)) => {
                parts.take(day).and_then(|()| parts.take(time)).ok_or_else(no_time)?;
            }
            None => parts.take(word).ok_or_else(no_time)?,
        }
    }
    let at = parts.finish().ok_or_else(no_time)?;
    Ok(Timestamp(at.as_microsecond()))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const FILLERS: [&str; 12] = [
    "on",
    "at",
    "of",
    "the",
    "utc",
    "gmt",
    "z",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
];

/// What the words read so far have said.
#[derive(Debug, Default)]
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    hour: Option<i8>,
    minute: i8,
    second: i8,
    afternoon: Option<bool>,
}

impl Parts {
    /// Takes in one lower-case word; none if it fits nowhere.
    fn take(&mut self, word: &str) -> Option<()> {
        let word = word.trim_end_matches('.');
        if FILLERS.contains(&word) || matches!(word, "saturday" | "sunday") {
            return Some(());
        }
        if let Some(afternoon) = half_of_day(word) {
            return put(&mut self.afternoon, afternoon);
        }
        if is_day(word) {
            let date: Date = word.replace('/', "-").parse().ok()?;
            put(&mut self.year, date.year())?;
            put(&mut self.month, date.month())?;
            return put(&mut self.day, date.day());
        }
        if let Some(month) = month_of(word) {
            return put(&mut self.month, month);
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return self.take_number(word);
        }
        None
    }

    fn take_number(&mut self, word: &str) -> Option<()> {
        let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
        let (number, rest) = word.split_at(digits);
        if rest.starts_with(':') {
            return self.take_clock(word);
        }
        if let Some(afternoon) = half_of_day(rest) {
            put(&mut self.hour, number.parse().ok()?)?;
            return put(&mut self.afternoon, afternoon);
        }
        match (number.len(), rest) {
            (4, "") => put(&mut self.year, number.parse().ok()?),
            (1 | 2, "" | "st" | "nd" | "rd" | "th") => put(&mut self.day, number.parse().ok()?),
            _ => None,
        }
    }

    /// Takes in `13:56`, `1:56:07` or `1:56pm`.
    fn take_clock(&mut self, word: &str) -> Option<()> {
        let end = word.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(word.len());
        let (clock, half) = word.split_at(end);
        match half {
            "" | "z" => {}
            half => put(&mut self.afternoon, half_of_day(half)?)?,
        }
        let mut numbers = clock.split(':').map(|number| number.parse::<i8>().ok());
        put(&mut self.hour, numbers.next()??)?;
        self.minute = numbers.next()??;
        self.second = numbers.next().unwrap_or(Some(0))?;
        numbers.next().is_none().then_some(())
    }

    fn finish(self) -> Option<jiff::Timestamp> {
        let date = Date::new(self.year?, self.month?, self.day?).ok()?;
        let hour = match (self.hour, self.afternoon) {
            (None, None) => 0,
            (None, Some(_)) => return None,
            (Some(hour), None) => hour,
            (Some(hour @ 1..=12), Some(afternoon)) => hour % 12 + if afternoon { 12 } else { 0 },
            (Some(_), Some(_)) => return None,
        };
        let time = Time::new(hour, self.minute, self.second, 0).ok()?;
        TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok()
    }
}

/// Fills an empty place; none if it was filled before.
fn put<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

fn half_of_day(word: &str) -> Option<bool> {
    match word {
        "am" | "a.m" => Some(false),
        "pm" | "p.m" => Some(true),
        _ => None,
    }
}

fn month_of(word: &str) -> Option<i8> {
    let found = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(word))?;
    i8::try_from(found + 1).ok()
}

/// Whether a word is a year, a month and a day: `2023-05-08` or `2023/05/08`.
fn is_day(word: &str) -> bool {
    let mut numbers = word.split(['-', '/']);
    let mut has = |digits: usize| {
        numbers.next().is_some_and(|number| {
            number.len() == digits && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    has(4) && has(2) && has(2) && numbers.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let found = match read(text) {
            Ok(at) => crate::wire::v1::rfc3339(at),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&found);
    }

    #[test]
    fn days_and_times_as_people_write_them() {
        check("1:56 pm on 8 May, 2023", expect!["2023-05-08T13:56:00Z"]);
        check("12:09 am on 13 September, 2023", expect!["2023-09-13T00:09:00Z"]);
        check("12:30 PM on Sept 1st 2024", expect!["2024-09-01T12:30:00Z"]);
        check("Monday, May 8th, 2023 at 9pm", expect!["2023-05-08T21:00:00Z"]);
        check("8 May 2023", expect!["2023-05-08T00:00:00Z"]);
    }

    #[test]
    fn days_and_times_as_machines_write_them() {
        check("2023-05-08", expect!["2023-05-08T00:00:00Z"]);
        check("2023/05/08 13:56:07", expect!["2023-05-08T13:56:07Z"]);
        check("2023-05-08T13:56", expect!["2023-05-08T13:56:00Z"]);
        check("2023-05-08T13:56:00+02:00", expect!["2023-05-08T11:56:00Z"]);
    }

    #[test]
    fn what_names_no_single_day_is_refused() {
        check("", expect!["`` names no time"]);
        check("yesterday", expect!["`yesterday` names no time"]);
        check("5/8/2023", expect!["`5/8/2023` names no time"]);
        check("13:00 pm on 8 May 2023", expect!["`13:00 pm on 8 May 2023` names no time"]);
        check("31 February 2023", expect!["`31 February 2023` names no time"]);
        check("8 May 2023 9 June", expect!["`8 May 2023 9 June` names no time"]);
        check("main", expect!["`main` names no time"]);
        check("0a1b2c3", expect!["`0a1b2c3` names no time"]);
    }
}
