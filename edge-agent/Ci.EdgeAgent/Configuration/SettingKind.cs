namespace Ci.EdgeAgent.Configuration;

internal enum SettingKind
{
    Text,
    Texts,
    Number,
    Whole,
}
