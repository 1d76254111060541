"""A filter of SCIM as SQL: every attribute that is announced, in one statement, whatever is nested in what.

No text of a request becomes part of a statement: what a filter names is looked up in the model, what it compares with
is a parameter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from scim2_models import ComplexAttribute, Extension, InvalidFilterException
from scim2_models.path import (
    STRING_OPERATORS,
    AttributeBinding,
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ScimFilter,
    ValuePath,
    coerce_value,
)

Fragment = tuple[str, list[Any]]
"""A condition or a value in SQL, with its parameters."""
# `{0}` is the value of a row, `%s` what it is compared with.
COMPARISONS = {
    CompareOperator.eq: "{0} = %s",
    CompareOperator.co: "position(%s in {0}) > 0",
    CompareOperator.sw: "starts_with({0}, %s)",
    CompareOperator.ew: "right({0}, length(%s)) = %s",
    CompareOperator.gt: "{0} > %s",
    CompareOperator.ge: "{0} >= %s",
    CompareOperator.lt: "{0} < %s",
    CompareOperator.le: "{0} <= %s",
}
# Letters by their number, as everywhere in SCIM's own examples; the database's order of words is another one.
BY_NUMBER = ' COLLATE "C"'


@dataclass(frozen=True)
class ScimColumns:
    """Where the values of a kind of resource stand. Names are those of the model's fields.

    `document`: the column with the compared texts. `single`: expressions of what stands elsewhere, such as
    `meta.created`. `many`: statements that give one `entry` (jsonb) for each value of an attribute.
    """

    document: str
    single: Mapping[str, str]
    many: Mapping[str, str] = field(default_factory=dict)


class SqlOfFilter(FilterVisitor[Fragment]):
    """The condition of a filter that is bound to one model; inside a value path that of one entry."""

    def __init__(self, model: type, columns: ScimColumns):
        self.model, self.columns = model, columns

    def bound(self, node: FilterNode) -> ScimFilter[Any]:
        return ScimFilter[self.model](node)  # type: ignore[name-defined]

    def visit_logical_expr(self, node: LogicalExpr) -> Fragment:
        parts = [self.visit(term) for term in node.terms]
        joined = (" AND " if node.op == LogicalOperator.and_ else " OR ").join(sql for sql, _ in parts)
        return f"({joined})", [value for _, values in parts for value in values]

    def visit_not(self, node: Not) -> Fragment:
        sql, values = self.visit(node.expr)
        return f"(NOT {sql})", values

    def visit_value_path(self, node: ValuePath) -> Fragment:
        binding = self.bound(node).resolve(node.attr_path, strict=False)
        if binding is None:
            return "FALSE", []
        if not (isinstance(binding.field_type, type) and issubclass(binding.field_type, ComplexAttribute)):
            raise InvalidFilterException(detail=f"'{node.attr_path}' has no parts to choose by.")
        entry = SqlOfFilter(binding.field_type, ScimColumns("entry", {}))
        sql, values = entry.visit(node.val_filter)
        return f"EXISTS (SELECT 1 FROM {self.entries(binding)} WHERE {sql})", values  # noqa: S608  names of our own

    def visit_present(self, node: Present) -> Fragment:
        binding = self.bound(node).resolve(node.attr_path, strict=False)
        if binding is None:
            return "FALSE", []
        if binding.is_multivalued:
            sub = f"entry->>'{binding.sub_field_name}'" if binding.sub_field_name else "entry"
            return f"EXISTS (SELECT 1 FROM {self.entries(binding)} WHERE {sub} IS NOT NULL)", []  # noqa: S608
        return f"({self.value(binding)} IS NOT NULL)", []

    def visit_comparison(self, node: Comparison) -> Fragment:
        binding = self.bound(node).resolve_comparison(node.attr_path, strict=False)
        if binding is None:
            return "FALSE", []
        if binding.target_type is datetime and node.op in STRING_OPERATORS:
            raise InvalidFilterException(detail="A time has no parts to look for.")
        expected = binding.comparable(coerce_value(binding, node.value, node.op))
        if isinstance(expected, bytes):
            expected = expected.hex()
        if not binding.is_multivalued:
            return _compared(self.value(binding), node.op, expected)
        one = f"(entry->>'{binding.sub_field_name}')" if binding.sub_field_name else "(entry #>> '{}')"
        if expected is None:
            return self._many_null(binding, one, node.op)
        is_other = node.op == CompareOperator.ne
        sql, values = _compared(_typed(one, binding), CompareOperator.eq if is_other else node.op, expected)
        found = f"EXISTS (SELECT 1 FROM {self.entries(binding)} WHERE {sql})"  # noqa: S608
        return (f"(NOT {found})" if is_other else found), values

    def _many_null(self, binding: AttributeBinding, one: str, operator: CompareOperator) -> Fragment:
        if operator not in (CompareOperator.eq, CompareOperator.ne):
            return "FALSE", []
        entries = self.entries(binding)
        lacks = f"(NOT EXISTS (SELECT 1 FROM {entries}) OR EXISTS (SELECT 1 FROM {entries} WHERE {one} IS NULL))"  # noqa: S608
        return (lacks if operator == CompareOperator.eq else f"(NOT {lacks})"), []

    def value(self, binding: AttributeBinding) -> str:
        """The one value of an attribute, NULL where there is none."""
        name = ".".join(filter(None, [binding.field_name, binding.sub_field_name]))
        if name in self.columns.single:
            return self.columns.single[name]
        path = [*self._place(binding), *([binding.sub_field_name] if binding.sub_field_name else [])]
        return _typed(f"({self.columns.document} #>> '{{{','.join(path)}}}')", binding)

    def entries(self, binding: AttributeBinding) -> str:
        """The values of an attribute that has many, as rows `entry`."""
        if binding.field_name in self.columns.many:
            return f"({self.columns.many[binding.field_name]}) AS entries(entry)"
        path = ",".join(self._place(binding))
        document = f"{self.columns.document} #> '{{{path}}}'"
        return f"jsonb_array_elements(coalesce({document}, '[]'::jsonb)) AS entries(entry)"

    def _place(self, binding: AttributeBinding) -> list[str]:
        is_extension = issubclass(binding.model, Extension)
        return [binding.model.__name__, binding.field_name] if is_extension else [binding.field_name]


def _typed(text: str, binding: AttributeBinding) -> str:
    return f"{text}::boolean" if binding.target_type is bool else text


def _compared(value: str, operator: CompareOperator, expected: Any) -> Fragment:
    """Never NULL: a NOT around it would be NULL too."""
    if expected is None:
        words = {CompareOperator.eq: f"({value} IS NULL)", CompareOperator.ne: f"({value} IS NOT NULL)"}
        return words.get(operator, "FALSE"), []
    if operator == CompareOperator.ne:
        return f"({value} IS DISTINCT FROM %s)", [expected]
    if isinstance(expected, str):
        value += BY_NUMBER
    sql = COMPARISONS[operator].format(f"({value})")
    return f"coalesce({sql}, FALSE)", [expected] * sql.count("%s")


def sql_of_filter(wanted: ScimFilter[Any], model: type, columns: ScimColumns) -> Fragment:
    """The condition of a filter; InvalidFilterException for one that this kind of resource does not know."""
    return SqlOfFilter(model, columns).visit(wanted.ast)


def sql_of_order(binding: AttributeBinding, model: type, columns: ScimColumns) -> str:
    """What rows are ordered by: of an attribute with many values the primary one, else the first."""
    made = SqlOfFilter(model, columns)
    if not binding.is_multivalued:
        value = made.value(binding)
    else:
        sub = f"entry->>'{binding.sub_field_name}'" if binding.sub_field_name else "entry #>> '{}'"
        first = "ORDER BY coalesce((entry->>'primary')::boolean, FALSE) DESC LIMIT 1"
        value = f"(SELECT {sub} FROM {made.entries(binding)} {first})"  # noqa: S608
    return value + BY_NUMBER if cast(Any, binding.target_type) not in (bool, datetime) else value
