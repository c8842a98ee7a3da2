"""yusuan (预算): from published department budgets to a warehouse of proven figures."""
