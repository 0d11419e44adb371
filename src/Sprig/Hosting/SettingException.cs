namespace Sprig.Hosting;

/// <summary>A setting of the environment can't be followed. Its text is for whoever has set it: no stack trace.</summary>
internal sealed class SettingException(string variable, string problem, Exception? inner = null) : Exception($"{variable}: {problem}", inner)
{
    public override string ToString() => Message;
}
