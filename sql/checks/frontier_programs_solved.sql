-- checks.frontier_programs_solved
-- Table   efficiency
-- Severity warning
-- Meaning the fast solver answered every program of every frontier; those it could not were solved by HiGHS
-- Grain   one row per frontier, field and period with such a program
-- Reads   staging.frontier_programs
select frontier_id, field, period, programs, fallbacks
from staging.frontier_programs
where fallbacks > 0
order by all
