namespace Ci.Evaluation;

/// <summary>Rows whose predicted probability fell into one tenth: their mean probability, how often the class was true, and Wilson's 95 % interval of that.</summary>
public sealed record CalibrationPoint(double Predicted, double Observed, double Low, double High, int Rows);
