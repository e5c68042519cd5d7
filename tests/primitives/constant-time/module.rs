//! A module, decoded.

use std::collections::HashMap;

use wasmparser::{
    BlockType, CompositeInnerType, ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind, FuncToValidate,
    FuncValidatorAllocations, FunctionBody, KnownCustom, Name, Operator, Parser, Payload, TypeRef, ValidPayload,
    Validator, ValidatorResources, WasmFeatures,
};

use crate::code::{Code, Failure, compile};
use crate::memory::Memory;

/// A function.
pub enum Function {
    /// One that the module wants of its surroundings: module, name, and how many parameters and results it has.
    Imported(String, String, usize, usize),
    /// One of its own.
    Own(Code),
}

/// A module as it is before anything has run.
pub struct Module {
    /// Its functions, those imported first.
    pub functions: Vec<Function>,
    /// The type of each function.
    pub types: Vec<u32>,
    /// What the functions are called.
    pub names: HashMap<usize, String>,
    /// Exported functions.
    pub exports: Vec<(String, usize)>,
    /// Values of global variables.
    pub globals: Vec<u128>,
    /// Functions of tables.
    pub tables: Vec<Vec<Option<usize>>>,
    /// Pages of the memory, and up to how many it may have.
    pub pages: (usize, usize),
    /// Where data goes.
    pub data: Vec<(usize, Vec<u8>)>,
    /// The function to run first.
    pub start: Option<usize>,
}

/// Parameters and results of a type.
fn signature(types: &[(usize, usize)], index: u32) -> (usize, usize) {
    types.get(index as usize).copied().unwrap_or_default()
}

/// A constant, as initial values are.
fn constant(expression: &ConstExpr, globals: &[u128]) -> Result<u128, Failure> {
    let operator = expression.get_operators_reader().read().map_err(|error| error.to_string())?;
    Ok(match operator {
        Operator::I32Const { value } => u128::from(value as u32),
        Operator::I64Const { value } => u128::from(value as u64),
        Operator::V128Const { value } => u128::from_le_bytes(*value.bytes()),
        Operator::GlobalGet { global_index } => globals.get(global_index as usize).copied().unwrap_or_default(),
        Operator::RefNull { .. } => 0,
        other => return Err(format!("an initial value by {other:?}")),
    })
}

/// A body that waits until all else is known.
type Pending<'a> = (FuncToValidate<ValidatorResources>, FunctionBody<'a>);

impl Module {
    /// Decode a file; it must be valid.
    pub fn decode(bytes: &[u8]) -> Result<Self, Failure> {
        let mut module = Self {
            functions: Vec::new(),
            types: Vec::new(),
            names: HashMap::new(),
            exports: Vec::new(),
            globals: Vec::new(),
            tables: Vec::new(),
            pages: (0, 0),
            data: Vec::new(),
            start: None,
        };
        let mut types = Vec::new();
        let mut bodies: Vec<Pending> = Vec::new();
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(|error| error.to_string())?;
            let found = validator.payload(&payload).map_err(|error| error.to_string())?;
            if let ValidPayload::Func(function, body) = found {
                bodies.push((function, body));
                continue;
            }
            module.section(payload, &mut types).map_err(|error| error.to_string())?;
        }
        let arity = |block: BlockType| match block {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(index) => signature(&types, index),
        };
        for (function, body) in bodies {
            let (parameters, results) = signature(&types, function.ty);
            let mut validator = function.into_validator(FuncValidatorAllocations::default());
            module.functions.push(Function::Own(compile(&body, &mut validator, parameters, results, &arity)?));
        }
        Ok(module)
    }

    fn section(&mut self, payload: Payload, types: &mut Vec<(usize, usize)>) -> Result<(), Box<dyn std::error::Error>> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for kind in group?.into_types() {
                        types.push(match kind.composite_type.inner {
                            CompositeInnerType::Func(kind) => (kind.params().len(), kind.results().len()),
                            _ => (0, 0),
                        });
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    let TypeRef::Func(kind) = import.ty else { return Err("an import that is no function".into()) };
                    let (parameters, results) = signature(types, kind);
                    self.types.push(kind);
                    self.functions.push(Function::Imported(
                        import.module.to_owned(),
                        import.name.to_owned(),
                        parameters,
                        results,
                    ));
                }
            }
            Payload::FunctionSection(section) => {
                for kind in section {
                    self.types.push(kind?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(vec![None; table?.ty.initial as usize]);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    let memory = memory?;
                    self.pages = (memory.initial as usize, memory.maximum.unwrap_or(65536) as usize);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    let value = constant(&global?.init_expr, &self.globals)?;
                    self.globals.push(value);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.exports.push((export.name.to_owned(), export.index as usize));
                    }
                }
            }
            Payload::ElementSection(section) => {
                for element in section {
                    self.element(element?)?;
                }
            }
            Payload::DataSection(section) => {
                for data in section {
                    let data = data?;
                    let DataKind::Active { offset_expr, .. } = data.kind else { return Err("passive data".into()) };
                    self.data.push((constant(&offset_expr, &self.globals)? as usize, data.data.to_vec()));
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func as usize),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    self.names(names)?;
                }
            }
            _ => (),
        }
        Ok(())
    }

    fn element(&mut self, element: wasmparser::Element) -> Result<(), Box<dyn std::error::Error>> {
        let ElementKind::Active { table_index, offset_expr } = element.kind else { return Ok(()) };
        let ElementItems::Functions(functions) = element.items else { return Err("elements by expressions".into()) };
        let first = constant(&offset_expr, &self.globals)? as usize;
        let table = self.tables.get_mut(table_index.unwrap_or(0) as usize).ok_or("elements of no table")?;
        for (place, function) in (first..).zip(functions) {
            *table.get_mut(place).ok_or("elements beyond a table")? = Some(function? as usize);
        }
        Ok(())
    }

    fn names(&mut self, names: wasmparser::NameSectionReader) -> Result<(), wasmparser::BinaryReaderError> {
        for part in names {
            let Name::Function(functions) = part? else { continue };
            for naming in functions {
                let naming = naming?;
                let name = format!("{:#}", rustc_demangle::demangle(naming.name));
                self.names.insert(naming.index as usize, name);
            }
        }
        Ok(())
    }

    /// What a function is called.
    pub fn name(&self, function: usize) -> String {
        self.names.get(&function).cloned().unwrap_or_else(|| format!("function {function}"))
    }

    /// Its memory at the start.
    pub fn memory(&self) -> Result<Memory, Failure> {
        let mut memory = Memory::new(self.pages.0, self.pages.1);
        for (place, bytes) in &self.data {
            memory.write(*place, bytes).ok_or("data beyond the memory")?;
        }
        Ok(memory)
    }
}
