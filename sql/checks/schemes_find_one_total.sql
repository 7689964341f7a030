-- checks.schemes_find_one_total
-- Table   schemes
-- Severity critical
-- Meaning ranges are in order, every body is counted once among winners, losers and undecided, and shares stay in bounds
-- Grain   one row per way that contradicts itself
-- Reads   marts.schemes
with s as (
    select
        scheme_id, way, n, winners, losers, undecided,
        columns('^overcut_lo_.*') as overcut_lo, columns('^overcut_hi_.*') as overcut_hi,
        columns('^untapped_lo_.*') as untapped_lo, columns('^untapped_hi_.*') as untapped_hi
    from marts.schemes
)
select s.*
from s
where s.winners + s.losers + s.undecided <> s.n
    or not (0 <= s.overcut_lo and s.overcut_lo <= s.overcut_hi)
    or not (0 <= s.untapped_lo and s.untapped_lo <= s.untapped_hi)
order by all
