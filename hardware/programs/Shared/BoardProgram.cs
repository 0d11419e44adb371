using Sprig.Hosting;

namespace Sprig.Programs;

/// <summary>A <see cref="CoroutineProgram"/> with settings, and with a line instead of a stack trace for what is not the program's
/// fault.</summary>
public static class BoardProgram
{
    /// <summary>The user is to change a setting: to start again would not help.</summary>
    public const int BadSettings = 2;

    private const int Failed = 1;

    /// <summary>Reads the settings, runs <paramref name="main"/> to its end and gives the exit code: that of <see cref="CoroutineProgram"/>,
    /// or 2 for wrong settings.</summary>
    /// <param name="name">The program's.</param>
    /// <param name="read">Asks for its settings.</param>
    /// <param name="main">The body of the main coroutine.</param>
    public static int Run<T>(string name, Func<Settings, T> read, Func<T, Task> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        T settings;
        try
        {
            settings = Settings.Read(name, read);
        }
        catch (Exception e) when (e is InvalidDataException || IsTrouble(e))
        {
            Console.Error.WriteLine($"{name}: {e.Message}");
            return BadSettings;
        }

        Exception? trouble = null;
        int code = CoroutineProgram.Run(async () =>
        {
            try
            {
                await main(settings);
            }
            catch (Exception e) when (IsTrouble(Single(e)))
            {
                trouble = Single(e);
            }
        });
        if (trouble is null)
            return code;
        Console.Error.WriteLine($"{name}: {trouble.Message}");
        return Failed;
    }

    // A pin that another holds, a missing permission, a port in use, a chip that was unplugged: the message says all.
    private static bool IsTrouble(Exception e) => e is IOException or UnauthorizedAccessException;

    // What runs in a scope comes in a list of one.
    private static Exception Single(Exception e) => e is AggregateException { InnerExceptions: [var one] } ? one : e;
}
