namespace Ci.Data;

/// <summary>The project's settings are wrong or lack something that is needed.</summary>
public sealed class ProjectConfigException(string message) : DataException(message);
