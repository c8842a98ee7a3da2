-- What each body publishes of what it has to: the nine statements, the annexes, and what the prose has to say. Some publishers state in
-- prose what others print as an annex: that is published, too.
with prose as (
    select distinct document_key, section from {{ source('extracted', 'claim') }}
),

looked_for as (
    select
        item.*,
        body.document_key,
        body.part,
        body.department_key,
        body.fiscal_year,
        body.scope,
        status.is_current,
        status.page,
        document.is_complete,
        case
            when coalesce(status.status, 'missing') = 'missing' and prose.section is not null then 'in_prose'
            -- an annex that no reader looked for is not missing
            else coalesce(status.status, case item.disclosure_kind when 'annex' then 'not_looked_for' else 'missing' end)
        end as found_status
    from {{ ref('int_body') }} as body
    cross join {{ ref('required_disclosures') }} as item
    inner join {{ ref('stg_document') }} as document on document.document_key = body.document_key
    left join {{ ref('statement_status') }} as status
        on status.document_key = body.document_key and status.part = body.part and status.statement = item.disclosure
    left join prose
        on item.disclosure_kind <> 'statement' and prose.document_key = body.document_key and prose.section = item.disclosure
    -- annexes and prose are the whole document's
    where item.disclosure_kind = 'statement' or body.part = 1
),

-- of a document that holds more than was placed nobody knows that something is lacking
found as (
    select *, case when found_status = 'missing' and not is_complete then 'not_in_this_file' else found_status end as status
    from looked_for
)

select
    concat_ws('-', document_key, part, disclosure) as row_id,
    document_key,
    part,
    department_key,
    fiscal_year,
    scope,
    disclosure,
    disclosure_number,
    disclosure_kind,
    title,
    status,
    requirement,
    basis,
    requirement = 'required' and fiscal_year >= first_fiscal_year and status = 'missing' as is_lacking,
    cast(count(*) filter (where requirement = 'required' and fiscal_year >= first_fiscal_year and status = 'missing')
        over (partition by document_key, part) as integer) as lacking_in_document,
    coalesce(is_current, false) as is_current,
    page
from found
order by document_key, part, disclosure_number
