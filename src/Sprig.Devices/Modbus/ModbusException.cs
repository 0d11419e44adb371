namespace Sprig.Devices.Modbus;

/// <summary>A Modbus slave has refused a request: it answered with an exception code.</summary>
public sealed class ModbusException : Exception
{
    /// <summary>A refusal.</summary>
    /// <param name="unit">Who refuses.</param>
    /// <param name="function">What it was asked for.</param>
    /// <param name="code">Why.</param>
    public ModbusException(byte unit, byte function, byte code)
        : base($"Unit {unit} refuses function {function}: {Describe(code)} (exception {code}).")
    {
        Unit = unit;
        Function = function;
        Code = code;
    }

    /// <summary>Who refuses.</summary>
    public byte Unit { get; }

    /// <summary>What it was asked for: 3 is reading holding registers.</summary>
    public byte Function { get; }

    /// <summary>Why: 1 it does not know the function, 2 the address, 3 the value; 4 it failed; 6 it is busy.</summary>
    public byte Code { get; }

    private static string Describe(byte code) => code switch
    {
        1 => "it does not have this function",
        2 => "it does not have these addresses",
        3 => "it does not take this value or count",
        4 => "it failed",
        5 => "it has begun, and needs longer",
        6 => "it is busy",
        7 => "it can't",
        8 => "its memory has a parity error",
        10 => "the gateway has no path to it",
        11 => "the gateway gets no answer from it",
        _ => "a code of its own",
    };
}
