-- A statement that is missing or not all read leaves blank what it does not print, an empty one makes it 0.
with bodies as (
    select
        department_key, fiscal_year,
        cast(count(distinct document_key) as integer) as documents,
        cast(count(distinct statement) filter (where is_in_facts and status = 'present' and statement_number is not null) as integer)
            as statements_present,
        cast(count(distinct statement) filter (where is_in_facts and status = 'declared_empty' and statement_number is not null) as integer)
            as statements_empty,
        {% for statement in ['revenue', 'expenditure', 'general_public_expenditure', 'government_fund_expenditure',
                             'state_capital_expenditure', 'basic_expenditure', 'three_public'] -%}
        case when bool_or(is_in_facts and statement = '{{ statement }}' and coalesce(unread_places, 0) = 0) then 0 end as {{ statement }}_zero
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ ref('statement_status') }}
    where (document_key, part) in (select (document_key, part) from {{ ref('statement_status') }} where is_in_facts)
    group by department_key, fiscal_year
),

amounts as (
    select
        department_key, fiscal_year,
        {% for name, condition in [
            ('revenue', "statement = 'revenue'"),
            ('expenditure', "statement = 'expenditure'"),
            ('basic', "statement = 'expenditure' and amount_type = 'basic'"),
            ('project', "statement = 'expenditure' and amount_type = 'project'"),
            ('general_public', "statement = 'general_public_expenditure'"),
            ('government_fund', "statement = 'government_fund_expenditure'"),
            ('state_capital', "statement = 'state_capital_expenditure'"),
            ('basic_expenditure', "statement = 'basic_expenditure'"),
            ('personnel', "statement = 'basic_expenditure' and amount_type = 'personnel'"),
            ('public', "statement = 'basic_expenditure' and amount_type = 'public'"),
        ] -%}
        sum(amount_yuan) filter (where {{ condition }}) as {{ name }}_yuan,
        {% endfor -%}
        count(*) as amounts,
        count(*) filter (where proof_status = 'proven') as proven
    from {{ ref('fct_budget_amount') }}
    group by department_key, fiscal_year
),

three_public as (
    select
        department_key, fiscal_year,
        sum(amount_yuan) as three_public_yuan,
        sum(memo_yuan) filter (where item = 'agency_operating') as agency_operating_yuan
    from {{ ref('fct_three_public') }}
    group by department_key, fiscal_year
),

prose as ({{ agency_operating_in_prose() }}),

largest as (
    select
        department_key, fiscal_year, arg_max(code, amount_yuan) as code, max(amount_yuan) as amount_yuan
    from (select * from {{ ref('int_code_amount') }} where statement = 'expenditure' and level = 2 order by code desc)
    group by department_key, fiscal_year
),

errata as (
    select department_key, fiscal_year, cast(count(*) as integer) as errata
    from {{ ref('erratum') }}
    where status = 'open' and verdict = 'publisher'
    group by department_key, fiscal_year
)

select
    bodies.department_key,
    bodies.fiscal_year,
    department.department_name,
    department.department_type,
    department.admin_level,
    department.region_name,
    department.prefecture_name,
    department.province_name,
    cast(coalesce(amounts.revenue_yuan, bodies.revenue_zero) as decimal(20, 2)) as revenue_yuan,
    cast(coalesce(amounts.expenditure_yuan, bodies.expenditure_zero) as decimal(20, 2)) as expenditure_yuan,
    cast(coalesce(amounts.basic_yuan, bodies.expenditure_zero) as decimal(20, 2)) as basic_yuan,
    cast(coalesce(amounts.project_yuan, bodies.expenditure_zero) as decimal(20, 2)) as project_yuan,
    cast(coalesce(amounts.general_public_yuan, bodies.general_public_expenditure_zero) as decimal(20, 2)) as general_public_yuan,
    cast(coalesce(amounts.government_fund_yuan, bodies.government_fund_expenditure_zero) as decimal(20, 2)) as government_fund_yuan,
    cast(coalesce(amounts.state_capital_yuan, bodies.state_capital_expenditure_zero) as decimal(20, 2)) as state_capital_yuan,
    cast(coalesce(amounts.basic_expenditure_yuan, bodies.basic_expenditure_zero) as decimal(20, 2)) as basic_expenditure_yuan,
    cast(coalesce(amounts.personnel_yuan, bodies.basic_expenditure_zero) as decimal(20, 2)) as personnel_yuan,
    cast(coalesce(amounts.public_yuan, bodies.basic_expenditure_zero) as decimal(20, 2)) as public_yuan,
    {{ percent('amounts.personnel_yuan', 'amounts.basic_expenditure_yuan') }} as personnel_percent,
    cast(coalesce(three_public.three_public_yuan, bodies.three_public_zero) as decimal(20, 2)) as three_public_yuan,
    cast(coalesce(three_public.agency_operating_yuan, prose.amount_yuan) as decimal(20, 2)) as agency_operating_yuan,
    case
        when three_public.agency_operating_yuan is not null then 'statement'
        when prose.amount_yuan is not null then 'prose'
    end as agency_operating_source,
    largest.code as largest_group_code,
    largest_code.name as largest_group_name,
    largest.amount_yuan as largest_group_yuan,
    cast(coalesce(amounts.amounts, 0) as integer) as amounts,
    {{ percent('amounts.proven', 'amounts.amounts') }} as proven_percent,
    coalesce(errata.errata, 0) as errata,
    bodies.documents,
    bodies.statements_present,
    bodies.statements_empty
from bodies
inner join {{ ref('dim_department') }} as department using (department_key)
left join amounts using (department_key, fiscal_year)
left join three_public using (department_key, fiscal_year)
left join prose using (department_key, fiscal_year)
left join largest using (department_key, fiscal_year)
left join {{ ref('dim_function_code') }} as largest_code
    on largest_code.edition = cast(bodies.fiscal_year as varchar) and largest_code.code = largest.code
left join errata using (department_key, fiscal_year)
order by bodies.department_key, bodies.fiscal_year
