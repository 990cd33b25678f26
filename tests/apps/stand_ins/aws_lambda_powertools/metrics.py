class MetricUnit:
    Count = "Count"
