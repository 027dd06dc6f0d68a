"""Trains scikit-learn's HistGradientBoosting and XGBoost on the rows that mlops was trained on, and says how well and how long.

usage: boosting.py TRAIN.csv TEST.csv ITERATIONS THREADS REPEATS

One JSON object a line: tool, version, iterations, seconds (best of the repeats: fit alone, data already in memory), rmse on the test rows.
"""
import json
import sys
import time

import numpy as np


def read(path):
    with open(path, encoding="utf-8") as file:
        columns = file.readline().strip().split(",")
    data = np.loadtxt(path, delimiter=",", skiprows=1, usecols=range(1, len(columns)), dtype=np.float64)
    return data[:, :-1].astype(np.float32), data[:, -1]


def measure(make, repeats, train, test):
    best = float("inf")
    for _ in range(repeats):
        model = make()
        start = time.perf_counter()
        model.fit(*train)
        best = min(best, time.perf_counter() - start)
    rmse = float(np.sqrt(np.mean((model.predict(test[0]) - test[1]) ** 2)))
    return best, rmse


def main():
    train, test = read(sys.argv[1]), read(sys.argv[2])
    iterations, threads, repeats = (int(value) for value in sys.argv[3:6])
    import sklearn
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    with threadpool_limits(threads):
        seconds, rmse = measure(lambda: HistGradientBoostingRegressor(max_iter=iterations, early_stopping=False), repeats, train, test)
    print(json.dumps({"tool": "scikit-learn", "version": sklearn.__version__, "iterations": iterations, "seconds": seconds, "rmse": rmse}), flush=True)

    import xgboost

    def make():
        return xgboost.XGBRegressor(
            n_estimators=iterations, learning_rate=0.1, tree_method="hist", grow_policy="lossguide", max_leaves=31, max_depth=0,
            min_child_weight=20, reg_lambda=0, max_bin=255, n_jobs=threads)

    seconds, rmse = measure(make, repeats, train, test)
    print(json.dumps({"tool": "xgboost", "version": xgboost.__version__, "iterations": iterations, "seconds": seconds, "rmse": rmse}), flush=True)


main()
