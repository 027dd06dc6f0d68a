namespace Ci.EdgeAgent.Doctor;

internal enum Health
{
    Ok,
    Warn,
    Fail,
}
