#![deny(warnings)]

use std::{collections::BTreeMap, marker::PhantomData};

use etag_core::{Content, MemoryStore, ModelId, Versioned};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A type with bounds, a default, and one parameter in no data field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[serde(bound(deserialize = "T: DeserializeOwned"))]
#[versioned(collection = "pages", validator = digest)]
pub struct Page<T, Kind = (), const N: usize = 1>
where
    T: Clone,
{
    #[versioned(id)]
    id: u64,
    value: T,
    more: BTreeMap<String, Vec<T>>,
    #[serde(skip)]
    kind: PhantomData<fn() -> Kind>,
}

#[derive(Clone, Debug, PartialEq, Versioned)]
#[versioned(collection = "rows")]
pub struct Row<Id: ModelId, T: Iterator>
where
    T::Item: Clone + PartialEq + Content + Send + Sync,
{
    #[versioned(id)]
    id: Id,
    #[versioned(merge = union)]
    items: Vec<T::Item>,
}

#[derive(Clone, Debug, PartialEq, Content)]
pub struct Pair<A, B = A>(A, B);

#[derive(Clone, Debug, PartialEq, Content)]
pub enum Tree<T> {
    Leaf(T),
    Fork(Box<Tree<T>>, Box<Tree<T>>),
}

/// A private type in a public generic one.
#[derive(Clone, Debug, PartialEq, Content)]
struct Inner<T>(T);

#[derive(Clone, Debug, PartialEq, Versioned)]
#[versioned(collection = "outers", validator = digest)]
pub struct Outer<T> {
    #[versioned(id)]
    id: u64,
    inner: Inner<T>,
    tree: Tree<T>,
    pair: Pair<T>,
}

/// Links of generic models, to generic models and to themselves.
#[derive(Clone, Debug, PartialEq, Versioned)]
#[versioned(collection = "remarks")]
pub struct Remark<T, Id: ModelId> {
    #[versioned(id)]
    id: Id,
    #[versioned(parent(Outer<T>, touch = content, on_delete = cascade))]
    outer_id: u64,
    #[versioned(parent(Remark<T, Id>, touch = none, on_delete = detach, name = "above"))]
    above_id: Option<Id>,
    text: T,
}

#[derive(Clone, Debug, PartialEq, Versioned)]
#[versioned(collection = "marks")]
pub struct Mark<Id: ModelId> {
    #[versioned(id, parent(Remark<u8, Id>, touch = structure))]
    id: Id,
}

/// What follows generic children, and is generic itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[serde(bound(deserialize = "T: DeserializeOwned"))]
#[versioned(collection = "sums")]
pub struct Sum<T: Clone> {
    #[versioned(id)]
    id: u64,
    #[serde(default = "Vec::new")]
    #[versioned(derived)]
    values: Vec<T>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[serde(bound(deserialize = "T: DeserializeOwned"))]
#[versioned(collection = "summands")]
pub struct Summand<T>
where
    T: Clone + PartialEq + Content + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    #[versioned(id)]
    id: u64,
    #[versioned(parent(Sum<T>, touch = content, derive = Self::add))]
    sum_id: u64,
    value: T,
}

impl<T: Clone + PartialEq + Content + Serialize + DeserializeOwned + Send + Sync> Summand<T> {
    fn add(sum: &mut Sum<T>, before: Option<&Self>, after: Option<&Self>) {
        before.iter().for_each(|summand| sum.values.retain(|value| *value != summand.value));
        sum.values.extend(after.map(|summand| summand.value.clone()));
    }
}

async fn writes(store: &MemoryStore, page: &Page<u8>) {
    let created = page.create_if_absent(store).await.unwrap();
    let patch = PagePatch { value: Some(7), ..PagePatch::default() };
    Page::<u8>::patch_if_match(store, &page.id, created.etag(), patch).await.unwrap();
}

fn main() {
    let page: Page<u8> = Page { id: 1, value: 2, more: BTreeMap::new(), kind: PhantomData };
    let _ = page.etag();
    let _ = writes(&MemoryStore::new(), &page);
    assert!(Summand::<u8>::MODEL.links[0].derive.is_some());
    assert_eq!(Row::<u64, std::ops::Range<u8>>::MODEL.name, "Row");
    let inner = Inner(1);
    let outer = Outer { id: 1, inner, tree: Tree::Leaf(1), pair: Pair(1, 2) };
    let remark = Remark { id: 1_u32, outer_id: 1, above_id: None, text: 2_u8 };
    assert_eq!(remark.parents().of_link("outer"), Some(&outer.key()));
    assert_eq!(Mark { id: 1_u32 }.parents().of_link("remark"), Some(&remark.key()));
    let _ = (outer.etag(), Tree::Fork(Box::new(Tree::Leaf(1)), Box::new(Tree::Leaf(2))));
}
