using Sprig.Hosting;

namespace Sprig.Programs;

/// <summary>A <see cref="CoroutineProgram"/> with settings, and with a line instead of a stack trace for what is not the program's
/// fault.</summary>
public static class BoardProgram
{
    /// <summary>The user is to change something: a setting, a wire, a permission. The same code as the sprig command's.</summary>
    public const int BadInput = 2;

    /// <summary>Reads the settings, runs <paramref name="main"/> to its end and gives the exit code: that of <see cref="CoroutineProgram"/>,
    /// or 2 after a line on standard error that says what is to be changed.</summary>
    /// <param name="name">The program's.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="read">Asks for its settings.</param>
    /// <param name="main">The body of the main coroutine.</param>
    public static int Run<T>(string name, string[] arguments, Func<Settings, T> read, Func<T, Task> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        Exception? trouble = null;
        int code = 0;
        try
        {
            T settings = Settings.Read(name, arguments, read);
            code = CoroutineProgram.Run(async () =>
            {
                try
                {
                    await main(settings);
                }
                catch (Exception e) when (IsTrouble(e))
                {
                    trouble = e;
                }
            });
        }
        catch (Exception e) when (IsTrouble(e))
        {
            trouble = e;
        }

        if (trouble is null)
            return code;
        Log.Fail($"{name}: {Describe(trouble)}");
        return BadInput;
    }

    // A pin that another holds, a missing permission, a port in use, a chip that was unplugged: the message says all. What has failed in
    // a scope comes in a list.
    private static bool IsTrouble(Exception e) => e switch
    {
        InvalidDataException or IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "line" } => true,
        AggregateException several => several.InnerExceptions.All(IsTrouble),
        _ => false,
    };

    private static string Describe(Exception e) => e switch
    {
        // "(Parameter 'line') Actual value ..." is for programmers.
        ArgumentOutOfRangeException noLine => $"There is no line {noLine.ActualValue}: {noLine.Message.Split(" (Parameter")[0]}",
        AggregateException several => Describe(several.InnerExceptions[0]),
        _ => e.Message,
    };
}
