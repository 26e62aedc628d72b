//! A serializer that leaves members out of the outermost object.

use serde::{
    Serialize, Serializer,
    ser::{Error as _, Impossible, SerializeMap, SerializeStruct},
};

use crate::{FieldRole, Model};

/// Writes an object to `inner` without the members of some roles.
pub(super) struct Without<S> {
    left_out: LeftOut,
    inner: S,
}

#[derive(Clone, Copy)]
struct LeftOut {
    model: &'static Model,
    roles: fn(FieldRole) -> bool,
}

impl LeftOut {
    fn has(self, name: &str) -> bool {
        self.model.field(name).is_some_and(|field| (self.roles)(field.role))
    }

    fn count(self) -> usize {
        self.model.fields.iter().filter(|field| (self.roles)(field.role)).count()
    }
}

impl<S> Without<S> {
    pub(super) fn new(model: &'static Model, roles: fn(FieldRole) -> bool, inner: S) -> Self {
        Self { left_out: LeftOut { model, roles }, inner }
    }
}

macro_rules! refuse {
    ($($method:ident($($type:ty),*) -> $ok:ty;)*) => {$(
        fn $method(self, $(_: $type),*) -> Result<$ok, S::Error> {
            Err(S::Error::custom("a model must be serialised as an object with named members"))
        }
    )*};
}

impl<S: Serializer> Serializer for Without<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = WithoutInMap<S::SerializeMap>;
    type SerializeStruct = WithoutInStruct<S::SerializeStruct>;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        let len = len.saturating_sub(self.left_out.count());
        Ok(WithoutInStruct { left_out: self.left_out, inner: self.inner.serialize_struct(name, len)? })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Ok(WithoutInMap { left_out: self.left_out, inner: self.inner.serialize_map(None)?, skips: false })
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("a model must be serialised as an object with named members"))
    }

    refuse! {
        serialize_bool(bool) -> S::Ok;
        serialize_i8(i8) -> S::Ok;
        serialize_i16(i16) -> S::Ok;
        serialize_i32(i32) -> S::Ok;
        serialize_i64(i64) -> S::Ok;
        serialize_u8(u8) -> S::Ok;
        serialize_u16(u16) -> S::Ok;
        serialize_u32(u32) -> S::Ok;
        serialize_u64(u64) -> S::Ok;
        serialize_f32(f32) -> S::Ok;
        serialize_f64(f64) -> S::Ok;
        serialize_char(char) -> S::Ok;
        serialize_str(&str) -> S::Ok;
        serialize_bytes(&[u8]) -> S::Ok;
        serialize_none() -> S::Ok;
        serialize_unit() -> S::Ok;
        serialize_unit_struct(&'static str) -> S::Ok;
        serialize_unit_variant(&'static str, u32, &'static str) -> S::Ok;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }
}

pub(super) struct WithoutInStruct<S> {
    left_out: LeftOut,
    inner: S,
}

impl<S: SerializeStruct> SerializeStruct for WithoutInStruct<S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Result<(), S::Error> {
        if self.left_out.has(key) { self.inner.skip_field(key) } else { self.inner.serialize_field(key, value) }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

/// Structs with a flattened field are serialised as maps.
pub(super) struct WithoutInMap<S> {
    left_out: LeftOut,
    inner: S,
    skips: bool,
}

impl<S: SerializeMap> SerializeMap for WithoutInMap<S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), S::Error> {
        let name = serde_json::to_value(key).map_err(S::Error::custom)?;
        self.skips = name.as_str().is_some_and(|name| self.left_out.has(name));
        if self.skips { Ok(()) } else { self.inner.serialize_key(key) }
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), S::Error> {
        if self.skips { Ok(()) } else { self.inner.serialize_value(value) }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}
