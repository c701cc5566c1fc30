def write_report(trial):
    return "none"
