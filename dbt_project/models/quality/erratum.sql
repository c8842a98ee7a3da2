-- The ledger: a fault is one row, however many publications show it and however many places one habit made wrong (erratum_place).
-- It is fixed once the current publication of its statement no longer shows it.
with shown as (
    select
        body.body_key || '-' || body.fiscal_year || '-' || body.kind || '-' || body.scope || '-' || erratum.statement
        || '-' || erratum.item || '-' || erratum.measure
        -- prose may say the same thing wrongly more than once
        || case when erratum.occurrence > 1 then '-' || erratum.occurrence else '' end as erratum_id,
        body.department_key,
        body.fiscal_year,
        body.kind,
        body.scope,
        body.publication_number,
        statement.is_current,
        erratum.* exclude (occurrence)
    from (
        select *, row_number() over (
            partition by document_key, part, statement, item, measure order by erratum_number
        ) as occurrence
        from {{ ref('stg_erratum') }}
    ) as erratum
    inner join {{ ref('int_body') }} as body using (document_key, part)
    inner join {{ ref('statement_status') }} as statement
        on statement.document_key = erratum.document_key
        and statement.part = erratum.part
        and statement.statement = erratum.statement
    where erratum.erratum_number = erratum.entry_number
),

latest as (
    select *
    from shown
    qualify row_number() over (partition by erratum_id order by publication_number desc, document_key, erratum_number) = 1
)

select
    erratum_id,
    document_key,
    department_key,
    fiscal_year,
    kind,
    scope,
    statement,
    row_number,
    row_label,
    item,
    measure,
    figure_id,
    published_text,
    published_yuan,
    implied_yuan,
    implied_number,
    verdict,
    habit,
    place_count,
    entry_number,
    case when is_current then 'open' else 'fixed' end as status,
    identity_ids,
    evidence,
    page,
    locator
from latest
order by erratum_id
