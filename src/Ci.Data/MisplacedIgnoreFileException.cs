namespace Ci.Data;

/// <summary>A <c>.dvcignore</c> lies inside of data; its patterns would change what the data is.</summary>
public sealed class MisplacedIgnoreFileException(string file)
    : DataException($"{file}: a {IgnoreRules.Name} cannot lie inside of a folder that is tracked, or depended on, as a whole: its patterns would change what the folder is; move its lines to a {IgnoreRules.Name} above the folder (patterns are relative to where it lies), and remove it");
