-- A change against last year's budget implies last year's figure: amount − change. Where last year's document of the department
-- is loaded, it is held against the figure that stands there in the same place of the same statement, else against what its prose
-- says of the same subject. What was executed (执行数) is no budget and is not compared.
with claims as (
    select fct.*, extracted.row_order, extracted.same_statement, extracted.same_item, extracted.same_measure
    from {{ ref('fct_claim') }} as fct
    inner join {{ source('extracted', 'claim') }} as extracted using (document_key, claim_number)
),

current_figures as (
    select figure.*
    from {{ ref('published_figure') }} as figure
    where (figure.document_key, figure.part, figure.statement) in (
        select (document_key, part, statement) from {{ ref('statement_status') }} where is_current
    )
),

-- what each document states of this year, in its prose or in the statement: once for each claim row, else for the subject
stated as (
    select document_key, row_order, subject, amount_yuan
    from claims
    where measure in ('amount', 'planned') and amount_yuan is not null
    qualify row_number() over (partition by document_key, row_order order by measure, claim_number) = 1
),

stated_once as (
    select document_key, subject, min(amount_yuan) as amount_yuan
    from stated
    group by document_key, subject
    having count(distinct amount_yuan) = 1
),

changes as (
    select
        change.*,
        document.scope,
        coalesce(
            own_row.amount_yuan,
            own_figure.amount_yuan,
            own_subject.amount_yuan
        ) as stated_yuan
    from claims as change
    inner join {{ ref('dim_document') }} as document on document.document_key = change.document_key
    left join stated as own_row
        on own_row.document_key = change.document_key and own_row.row_order = change.row_order
    left join stated_once as own_subject
        on own_subject.document_key = change.document_key and own_subject.subject = change.subject
    left join {{ ref('published_figure') }} as own_figure
        on own_figure.document_key = change.document_key and own_figure.part = 1 and own_figure.statement = change.same_statement
        and own_figure.item = change.same_item and own_figure.measure = change.same_measure
    where change.measure = 'change' and change.amount_yuan is not null
        and coalesce(change.compared_basis, 'budget') = 'budget'
    qualify row_number() over (partition by change.claim_key order by own_figure.figure_id) = 1
),

-- 与上年相比: where no year is named it is the year before
linked as (
    select
        change.*,
        cast(change.stated_yuan - change.amount_yuan as decimal(20, 2)) as implied_yuan,
        coalesce(change.compared_year, change.fiscal_year - 1) as year_before
    from changes as change
),

earlier_documents as (
    select distinct department_key, fiscal_year, scope, document_key from current_figures where part = 1 and scope is not null
),

in_statement as (
    select
        linked.claim_key,
        earlier.figure_id,
        earlier.amount_yuan
    from linked
    inner join current_figures as earlier
        on earlier.department_key = linked.department_key and earlier.fiscal_year = linked.year_before
        and earlier.fiscal_year < linked.fiscal_year
        and earlier.scope = linked.scope and earlier.statement = linked.same_statement and earlier.item = linked.same_item
        and earlier.measure = linked.same_measure
    qualify row_number() over (partition by linked.claim_key order by earlier.figure_id) = 1
),

in_prose as (
    select
        linked.claim_key,
        any_value(earlier.figure_id order by earlier.claim_number) as figure_id,
        min(earlier.amount_yuan) as amount_yuan
    from linked
    inner join earlier_documents as document
        on document.department_key = linked.department_key and document.fiscal_year = linked.year_before
        and document.fiscal_year < linked.fiscal_year and document.scope = linked.scope
    inner join claims as earlier
        on earlier.document_key = document.document_key and earlier.subject = linked.subject
        and earlier.measure in ('amount', 'planned') and earlier.amount_yuan is not null
    group by linked.claim_key
    having count(distinct earlier.amount_yuan) = 1
),

found as (
    select
        linked.*,
        case when statement.claim_key is not null then 'statement' when prose.claim_key is not null then 'prose' end as found_in,
        coalesce(statement.figure_id, prose.figure_id) as earlier_figure_id,
        coalesce(statement.amount_yuan, prose.amount_yuan) as earlier_yuan,
        exists (
            select 1 from earlier_documents as document
            where document.department_key = linked.department_key and document.fiscal_year = linked.year_before
                and document.scope = linked.scope
        ) as is_loaded
    from linked
    left join in_statement as statement on statement.claim_key = linked.claim_key
    left join in_prose as prose on prose.claim_key = linked.claim_key
)

select
    document_key,
    claim_key,
    department_key,
    fiscal_year,
    subject,
    compared_year,
    stated_yuan,
    amount_yuan as change_yuan,
    implied_yuan,
    found_in,
    earlier_figure_id,
    earlier_yuan,
    cast(implied_yuan - earlier_yuan as decimal(20, 2)) as difference_yuan,
    case
        when year_before >= fiscal_year then 'same_year'  -- a budget compared with itself: that is an erratum
        when implied_yuan is null then 'not_stated'
        when not is_loaded then 'not_loaded'
        when earlier_yuan is null then 'not_printed'
        when implied_yuan = earlier_yuan then 'exact'
        when abs(implied_yuan - earlier_yuan) <= 100 then 'within_rounding'  -- two amounts in 万元, two places each
        else 'broken'
    end as status
from found
order by document_key, claim_key
