//! The answers to commits that other resources forbid (rules F1, F6, H8).

use etag_core::{Cause, Conflict, Error, ErrorKind, Key};

use crate::{
    authorize::Action,
    call::Call,
    problem::{Problem, ProblemKind},
};

impl Call<'_> {
    /// The conflict of a commit with the state that it met; anything else that keeps it from being done is an answer.
    pub(crate) async fn met_state(&self, error: Error) -> Result<Box<Conflict>, Problem> {
        // Other items than the first are the server's own.
        let Some(conflict) = error.conflicts().first().filter(|conflict| conflict.item == 0) else {
            return Err(self.without_conflict(error));
        };
        match &conflict.cause {
            Cause::State => Ok(Box::new(conflict.clone())),
            Cause::NoParent { link, .. } => Err(self.no_parent(link)),
            Cause::HasChildren { children } => Err(self.has_children(children).await),
            Cause::Cycle { link, .. } => {
                Err(self.misplaced(link, "names the resource itself, or one that is below it; name another parent"))
            }
            Cause::TooDeep { link, .. } => {
                Err(self.misplaced(link, "would place the resource too many levels below others; name a higher parent"))
            }
            _ => Err(error.into()),
        }
    }

    fn without_conflict(&self, error: Error) -> Problem {
        match error.kind() {
            ErrorKind::TooLarge if self.action == Action::Delete => {
                let detail = "too many other resources would go with it or change; delete some of them first";
                Problem::new(ProblemKind::FamilyTooLarge, detail)
            }
            _ if error.is_rejected() => Problem::internal(&error),
            _ => error.into(),
        }
    }

    /// 404 where the path names the parent, else 422 on the member that does.
    fn no_parent(&self, link: &str) -> Problem {
        let is_in_path = self.parent.as_ref().is_some_and(|parent| parent.link.name == link);
        let field = self.field_of(link);
        let is_the_id = self.endpoint.description().id_field().is_some_and(|id| field == Some(id.name));
        if is_in_path || is_the_id {
            return Problem::not_found();
        }
        Problem::invalid_member(pointer(field), format!("names no {link} that exists"))
    }

    fn misplaced(&self, link: &str, why: &str) -> Problem {
        Problem::invalid_member(pointer(self.field_of(link)), why.to_owned()).of_kind(ProblemKind::Misplaced)
    }

    fn field_of(&self, link: &str) -> Option<&'static str> {
        self.endpoint.description().link(link).map(|link| link.field)
    }

    /// 409 with the paths of the children that whoever is asking may read.
    async fn has_children(&self, children: &[Key]) -> Problem {
        let mut paths = Vec::new();
        for child in children {
            if self.readable(child).await.is_some() {
                paths.push(self.path_of(child));
            }
        }
        let detail = "the resource has children that can't be without it; delete or move them first";
        Problem::new(ProblemKind::HasChildren, detail).with_children(paths)
    }
}

fn pointer(field: Option<&str>) -> String {
    field.map_or_else(String::new, |field| format!("/{field}"))
}
