//! A plan with tasks, on which there are remarks of authors: the tasks know their remarks, and the plan knows how many.

use std::collections::BTreeMap;

use etag_core::Versioned;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "derived-plans", validator = digest)]
pub(super) struct Plan {
    #[versioned(id)]
    pub(super) id: String,
    #[serde(default)]
    #[versioned(derived)]
    pub(super) remark_count: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "derived-tasks", validator = revision, changes = 9)]
pub(super) struct Task {
    #[versioned(id)]
    pub(super) id: String,
    #[versioned(parent(Plan, touch = content, on_delete = cascade, derive = Plan::follow_task))]
    pub(super) plan_id: String,
    pub(super) title: String,
    #[serde(default)]
    #[versioned(derived)]
    pub(super) remark_count: usize,
    #[serde(default)]
    #[versioned(derived)]
    pub(super) texts: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "derived-authors", validator = revision)]
pub(super) struct Author {
    #[versioned(id)]
    pub(super) id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "derived-remarks", validator = revision)]
pub(super) struct Remark {
    #[versioned(id)]
    pub(super) id: String,
    #[versioned(parent(Task, touch = content, on_delete = cascade, derive = Task::follow_remark))]
    pub(super) task_id: String,
    #[versioned(parent(Author, touch = content, on_delete = cascade))]
    pub(super) author_id: Option<String>,
    pub(super) text: String,
}

impl Plan {
    fn follow_task(&mut self, before: Option<&Task>, after: Option<&Task>) {
        let count = |task: Option<&Task>| task.map_or(0, |task| task.remark_count);
        self.remark_count = self.remark_count + count(after) - count(before);
    }
}

impl Task {
    fn follow_remark(&mut self, before: Option<&Remark>, after: Option<&Remark>) {
        self.remark_count = self.remark_count + usize::from(after.is_some()) - usize::from(before.is_some());
        if let Some(remark) = before {
            self.texts.remove(&remark.id);
        }
        self.texts.extend(after.map(|remark| (remark.id.clone(), remark.text.clone())));
        // Of what clients write nothing is kept that is done here.
        self.title.clear();
    }
}

/// A poll knows whose votes there are, and nothing else of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "derived-polls", validator = revision)]
pub(super) struct Poll {
    #[versioned(id)]
    pub(super) id: String,
    #[versioned(parent(Plan, touch = content))]
    pub(super) plan_id: String,
    #[serde(default)]
    #[versioned(derived)]
    pub(super) voters: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "derived-votes", validator = revision)]
pub(super) struct Vote {
    #[versioned(id)]
    pub(super) id: String,
    #[versioned(parent(Poll, touch = derived, derive = Poll::follow_vote))]
    pub(super) poll_id: String,
    pub(super) voter: String,
    pub(super) reason: String,
}

/// What is said of a poll leaves those alone who edit it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "derived-comments", validator = revision)]
pub(super) struct Comment {
    #[versioned(id)]
    pub(super) id: String,
    #[versioned(parent(Poll, touch = content, lock = own))]
    pub(super) poll_id: String,
}

impl Poll {
    fn follow_vote(&mut self, before: Option<&Vote>, after: Option<&Vote>) {
        if let Some(vote) = before {
            self.voters.remove(&vote.id);
        }
        self.voters.extend(after.map(|vote| (vote.id.clone(), vote.voter.clone())));
    }
}
