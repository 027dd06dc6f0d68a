namespace Ci.EdgeAgent.Configuration;

internal enum SettingOrigin
{
    Default,
    File,
    Environment,
}
