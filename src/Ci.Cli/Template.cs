namespace Ci.Cli;

/// <summary>One project template, as it lies on disk.</summary>
internal sealed record Template(string Name, string Folder, string Description, IReadOnlyList<TemplateSetting> Settings);

/// <summary>What <c>mlops new --set key=value</c> may fill in: every occurrence of a text in the template's text files.</summary>
internal sealed record TemplateSetting(string Key, string Replaces, string Doc);
