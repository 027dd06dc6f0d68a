using System.CommandLine;
using Ci.Build;
using Ci.Build.Tasks;

var context = BuildContext.Find();
IReadOnlyList<IBuildTask> tasks =
[
    new SetupTask(), new PublishTask(), new DemoTask(), new TestTask(), new BenchTask(), new DocsTask(), new ScreenshotsTask(), new ImageTask(), new CleanTask(),
];

var root = new RootCommand("Builds, tests and shows mlops-action. The two to know: `demo` and `test`.");
foreach (var task in tasks)
    root.Subcommands.Add(Commands.For(task, context));
return await root.Parse(args).InvokeAsync();
