namespace Ci.EdgeAgent.Doctor;

internal sealed record DoctorReport(Health Worst, IReadOnlyList<Finding> Findings)
{
    public string Schema { get; init; } = "mlops.agent-doctor/v1";
}
