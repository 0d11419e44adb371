namespace Sprig.Programs;

/// <summary>What a program says: a line a time.</summary>
public static class Log
{
    /// <summary>As it should be.</summary>
    public static void Say(string message) => Console.WriteLine(message);

    /// <summary>As it should not be, and goes on.</summary>
    public static void Warn(string message) => Console.WriteLine(message);
}
