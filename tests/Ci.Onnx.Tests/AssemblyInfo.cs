// The memory tests watch the whole process, so nothing may run beside them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
