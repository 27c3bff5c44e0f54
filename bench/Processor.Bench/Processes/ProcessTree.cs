using System.Globalization;

namespace Processor.Bench;

/// <summary>What a process and its children have used, from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    // Fields of /proc/<pid>/stat after the name: ppid is the second, utime the 12th, then stime, cutime, cstime; rss the 22nd.
    private const int ParentField = 1;
    private const int UserField = 11;
    private const int ResidentField = 21;

    /// <summary>CPU seconds of a process, of its living descendants, and of those that it has waited for.</summary>
    public static double CpuSeconds(int pid)
    {
        double ticks = 0;
        foreach (var fields in Descendants(pid))
            ticks += Enumerable.Range(UserField, 4).Sum(field => double.Parse(fields[field], CultureInfo.InvariantCulture));
        return ticks / TicksPerSecond;
    }

    /// <summary>CPU seconds of the children that this process has waited for.</summary>
    public static double EndedChildrenCpuSeconds()
    {
        var fields = Read(Environment.ProcessId) ?? throw new InvalidOperationException("There is no /proc.");
        return (double.Parse(fields[UserField + 2], CultureInfo.InvariantCulture) + double.Parse(fields[UserField + 3], CultureInfo.InvariantCulture))
            / TicksPerSecond;
    }

    /// <summary>Resident memory of one process in MiB.</summary>
    public static double ResidentMebibytes(int pid) =>
        Read(pid) is { } fields ? double.Parse(fields[ResidentField], CultureInfo.InvariantCulture) * Environment.SystemPageSize / (1024 * 1024) : 0;

    private static IEnumerable<string[]> Descendants(int root)
    {
        var all = new Dictionary<int, string[]>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Read(pid) is { } fields)
                all[pid] = fields;
        }

        return all.Where(entry => IsBelow(entry.Key)).Select(entry => entry.Value);

        bool IsBelow(int pid)
        {
            while (pid != root)
            {
                if (!all.TryGetValue(pid, out var fields))
                    return false;
                pid = int.Parse(fields[ParentField], CultureInfo.InvariantCulture);
            }

            return true;
        }
    }

    private static string[]? Read(int pid)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It ended between being listed and being read.
            return null;
        }
    }
}
