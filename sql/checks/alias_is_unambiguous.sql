-- checks.alias_is_unambiguous
-- Table   body_alias
-- Severity critical
-- Meaning on any day a code means one body (names are exempt: two bodies may share one)
-- Grain   one row per code that means two bodies at once
-- Reads   marts.body_alias
select a.scheme, a.code, a.body_id, b.body_id as other_id
from marts.body_alias a
join marts.body_alias b
    on b.scheme = a.scheme and b.code = a.code and b.body_id > a.body_id
    and a.valid_from <= coalesce(b.valid_to, '9999') and b.valid_from <= coalesce(a.valid_to, '9999')
where a.scheme <> 'name'
order by all
