-- The facts by department, year, statement and code at each level: a figure counts at its 类, its 款 and its 项, so that the codes of one
-- level always add up to the statement. A row printed no finer than its 款 stands with that at the level below, too.
with amounts as (
    select
        fact.department_key,
        fact.fiscal_year,
        fact.statement,
        rule.tree,
        coalesce(function_code.code, economic_code.code) as code,
        case rule.tree when 'function' then fact.function_code_key else fact.economic_code_key end as code_key,
        sum(fact.amount_yuan) as amount_yuan
    from {{ ref('fct_budget_amount') }} as fact
    inner join {{ ref('statements') }} as rule on rule.statement = fact.statement
    inner join {{ ref('dim_function_code') }} as function_code on function_code.function_code_key = fact.function_code_key
    inner join {{ ref('dim_economic_code') }} as economic_code on economic_code.economic_code_key = fact.economic_code_key
    group by all
)

select
    amounts.department_key,
    amounts.fiscal_year,
    amounts.statement,
    amounts.tree,
    levels.level,
    coalesce(left(amounts.code, 2 * levels.level + 1), amounts.code_key) as code,
    cast(sum(amounts.amount_yuan) as decimal(20, 2)) as amount_yuan
from amounts
inner join (values (1), (2), (3)) as levels (level) on levels.level < 3 or amounts.tree = 'function'
group by all
order by all
