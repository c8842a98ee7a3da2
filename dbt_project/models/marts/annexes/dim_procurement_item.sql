select
    edition || '-' || code as procurement_item_key,
    edition,
    code,
    name,
    level,
    parent_code,
    left(code, 1) as category_code,
    case left(code, 1) when 'A' then '货物' when 'B' then '工程' when 'C' then '服务' end as category_name,
    name_source
from {{ ref('procurement_items') }}
union all
select member, null, null, name, null, null, null, name, null
from {{ special_members() }}
order by procurement_item_key
