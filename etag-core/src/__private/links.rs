//! What generated code calls for links.

use crate::{
    Cardinality, Cursor, Derive, Document, Error, Hold, Key, Link, LinkRule, Model, ModelId, Page, ParentLink, Parents,
    Presence, Scan, Snapshot, Store, Versioned,
};

use super::{Above, BoxFuture, Levels, Trail};

/// A field that holds the id of a link's parent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't hold the parent's id",
    label = "the field is neither a `{Id}` nor an `Option<{Id}>`",
    note = "a field with `parent(...)` is of the parent's id type, or an `Option` of it"
)]
pub trait HoldsId<Id> {
    const PRESENCE: Presence;

    fn id_held(&self) -> Option<&Id>;
}

#[diagnostic::do_not_recommend]
impl<Id: ModelId> HoldsId<Id> for Id {
    const PRESENCE: Presence = Presence::Required;

    fn id_held(&self) -> Option<&Id> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<Id: ModelId> HoldsId<Id> for Option<Id> {
    const PRESENCE: Presence = Presence::Optional;

    fn id_held(&self) -> Option<&Id> {
        self.as_ref()
    }
}

/// The link of a model that has this number among its links.
pub trait LinkTo<const NUMBER: usize>: Versioned {
    type Parent;
    type Field;
    type Check: LinkCheck<Self, Self::Field, Self::Parent>;

    /// Fails to be evaluated where the link of a generic model breaks a rule that types can't say.
    const SOUND: () = ();

    fn field(&self) -> &Self::Field;
}

/// That a field of this type can hold the id of this parent: one demand, so that a link that breaks it is one error.
pub trait LinkCheck<Child, Field, Parent> {
    const PRESENCE: Presence;
    const TRAIL: Trail;
    const PARENT: &'static Model;

    fn parent() -> &'static Model;

    fn key_of_parent(field: &Field) -> Option<Key>;
}

#[derive(Debug)]
pub struct Linked;

impl<Child, Field, Parent> LinkCheck<Child, Field, Parent> for Linked
where
    Child: Versioned,
    Field: HoldsId<Parent::Id>,
    Parent: Versioned<Lineage: Above<Child, Levels>>,
{
    const PRESENCE: Presence = Field::PRESENCE;
    const TRAIL: Trail = <Parent::Lineage as Above<Child, Levels>>::TRAIL;
    const PARENT: &'static Model = Parent::MODEL;

    fn parent() -> &'static Model {
        Parent::MODEL
    }

    fn key_of_parent(field: &Field) -> Option<Key> {
        field.id_held().map(Parent::key_of)
    }
}

/// The description of a link.
pub const fn link<T: LinkTo<NUMBER>, const NUMBER: usize>(
    name: &'static str,
    field: &'static str,
    cardinality: Cardinality,
    rule: LinkRule,
    derive: Option<Derive>,
) -> Link {
    Link { name, parent: T::Check::parent, field, presence: T::Check::PRESENCE, cardinality, rule, derive }
}

/// The key of the parent that a link of a value names.
pub fn key_of_parent<T: LinkTo<NUMBER>, const NUMBER: usize>(child: &T) -> Option<Key> {
    // Here, for the description can't demand it: the rules read descriptions.
    let () = T::SOUND;
    T::Check::key_of_parent(child.field())
}

/// The parents of a value of `model`, whose links name these keys.
pub fn parents(model: &'static Model, keys: &[Option<Key>]) -> Parents {
    let held = |(link, key): (&'static Link, &Option<Key>)| {
        let parent = key.clone()?;
        Some(ParentLink { name: link.name.into(), parent, rule: link.rule, hold: Hold::Held })
    };
    model.links.iter().zip(keys).filter_map(held).collect()
}

/// A store as the method of a link sees it that reads the parent.
pub trait StoreOfParent<T: LinkTo<NUMBER>, const NUMBER: usize> {
    fn find<'a>(&'a self, child: &T) -> BoxFuture<'a, Result<Option<Snapshot<T::Parent>>, Error>>;
}

impl<T: LinkTo<NUMBER, Parent: Document>, S: Store + ?Sized, const NUMBER: usize> StoreOfParent<T, NUMBER> for S {
    fn find<'a>(&'a self, child: &T) -> BoxFuture<'a, Result<Option<Snapshot<T::Parent>>, Error>> {
        let key = T::Check::key_of_parent(child.field());
        Box::pin(async move { find(self, key).await })
    }
}

/// A store as the function of a link sees it that reads a parent's children. `Id` names the parent.
pub trait StoreOfChildren<T: LinkTo<NUMBER>, const NUMBER: usize, Id> {
    /// A page of the children, where a parent may have many.
    fn list<'a>(
        &'a self,
        parent: &Id,
        after: Option<Cursor>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Page<Snapshot<T>>, Error>>;

    /// The child, where a parent has at most one, whose id is the parent's.
    fn only<'a>(&'a self, parent: &Id) -> BoxFuture<'a, Result<Option<Snapshot<T>>, Error>>;
}

impl<T, S, Id, const NUMBER: usize> StoreOfChildren<T, NUMBER, Id> for S
where
    T: LinkTo<NUMBER, Parent: Versioned> + Document,
    S: Store + ?Sized,
    Id: HoldsId<<T::Parent as Versioned>::Id>,
{
    fn list<'a>(
        &'a self,
        parent: &Id,
        after: Option<Cursor>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Page<Snapshot<T>>, Error>> {
        let parent = parent.id_held().map(T::Parent::key_of);
        Box::pin(async move {
            let Some(parent) = parent else { return Ok(Page { items: Vec::new(), next: None }) };
            let scan = Scan::new(T::MODEL.collection, limit).after(after).under(T::MODEL.links[NUMBER].name, parent);
            let Page { items, next } = self.scan(&scan).await?;
            let items = items.into_iter().map(Snapshot::from_row).collect::<Result<_, _>>()?;
            Ok(Page { items, next })
        })
    }

    fn only<'a>(&'a self, parent: &Id) -> BoxFuture<'a, Result<Option<Snapshot<T>>, Error>> {
        let key = parent.id_held().map(|id| Key::new(T::MODEL.collection, id.to_text()));
        Box::pin(async move { find(self, key).await })
    }
}

async fn find<T: Document>(store: &(impl Store + ?Sized), key: Option<Key>) -> Result<Option<Snapshot<T>>, Error> {
    let Some(key) = key else { return Ok(None) };
    store.read(&key).await?.map(Snapshot::from_row).transpose()
}
